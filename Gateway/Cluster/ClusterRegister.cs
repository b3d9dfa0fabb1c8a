using System.Security.Cryptography;
using NewLoom.Gateway.Hosting;
using Npgsql;

namespace NewLoom.Gateway.Cluster;

/// <summary>What all members of a cluster must have in common, as the database remembers it: service id, secret and
/// schema.</summary>
/// <remarks>The first silo of a cluster writes it down. The secret is kept as a salted hash. To give a cluster another
/// service id or secret, delete its row of the table <c>cluster</c> while no member runs.</remarks>
internal sealed partial class ClusterRegister(
    NpgsqlDataSource source, ClusterSettings settings, TimeProvider time, ILogger logger)
{
    /// <summary>The newest schema script that this version knows.</summary>
    public const string SchemaVersion = "PostgreSql/0011_deletions.sql";

    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const int HashRounds = 100_000;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(3);

    private string Database { get; } = NameOf(new NpgsqlConnectionStringBuilder(source.ConnectionString));

    /// <summary>For a silo: writes the cluster down if it is new, and compares.</summary>
    /// <exception cref="ConfigurationException">This process does not belong to the cluster; the message says
    /// why.</exception>
    public Task JoinAsync(CancellationToken cancellationToken) => RetryAsync(async () =>
    {
        await AddAsync(cancellationToken);
        return await CompareAsync(cancellationToken);
    }, cancellationToken);

    /// <summary>For a gateway: waits until a silo has written the cluster down, and compares.</summary>
    /// <exception cref="ConfigurationException">This process does not belong to the cluster; the message says
    /// why.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => RetryAsync(
        async () => await CompareSchemaAsync(cancellationToken) && await CompareAsync(cancellationToken),
        cancellationToken);

    private static string NameOf(NpgsqlConnectionStringBuilder parsed) =>
        $"{parsed.Database} on {parsed.Host}:{parsed.Port}";

    private static byte[] Hash(string secret, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(secret, salt, HashRounds, HashAlgorithmName.SHA256, HashBytes);

    private async Task RetryAsync(Func<Task<bool>> isDone, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await isDone())
                {
                    return;
                }

                Log.NoCluster(logger, settings.ClusterId, Database, RetryInterval.TotalSeconds);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable)
            {
                Log.NoCluster(logger, settings.ClusterId, Database, RetryInterval.TotalSeconds);
            }
            catch (PostgresException e) when (!e.IsTransient)
            {
                throw new ConfigurationException(
                    $"The database {Database} ({ClusterSettings.DatabaseKey}) cannot be used: {e.MessageText}.");
            }
            catch (NpgsqlException e)
            {
                Log.Unreachable(logger, Database, e.Message.ReplaceLineEndings(" "), RetryInterval.TotalSeconds);
            }

            await Task.Delay(RetryInterval, time, cancellationToken);
        }
    }

    private async Task AddAsync(CancellationToken cancellationToken)
    {
        var salt = settings.Secret is null ? null : RandomNumberGenerator.GetBytes(SaltBytes);
        await using var add = source.CreateCommand(
            "INSERT INTO cluster (cluster_id, service_id, secret_salt, secret_hash) VALUES ($1, $2, $3, $4) " +
            "ON CONFLICT DO NOTHING");
        add.Parameters.Add(new NpgsqlParameter { Value = settings.ClusterId });
        add.Parameters.Add(new NpgsqlParameter { Value = settings.ServiceId });
        add.Parameters.Add(new NpgsqlParameter<byte[]?> { TypedValue = salt });
        add.Parameters.Add(new NpgsqlParameter<byte[]?>
        {
            TypedValue = salt is null ? null : Hash(settings.Secret!, salt),
        });
        await add.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<bool> CompareAsync(CancellationToken cancellationToken)
    {
        await using var find = source.CreateCommand(
            "SELECT service_id, secret_salt, secret_hash FROM cluster WHERE cluster_id = $1");
        find.Parameters.Add(new NpgsqlParameter { Value = settings.ClusterId });
        await using var row = await find.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return false;
        }

        if (row.GetString(0) != settings.ServiceId)
        {
            throw new ConfigurationException(
                $"{ClusterSettings.ServiceIdKey} is '{settings.ServiceId}', but the cluster {settings.ClusterId} in " +
                $"the database {Database} has '{row.GetString(0)}'.");
        }

        CompareSecret(
            row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1),
            row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2));
        return true;
    }

    private void CompareSecret(byte[]? salt, byte[]? hash)
    {
        var problem = (settings.Secret, salt, hash) switch
        {
            (null, null, _) => null,
            (null, _, _) => "is missing, but the others have one",
            (_, null, _) or (_, _, null) => "is set, but the others have none",
            var (secret, _, _) => CryptographicOperations.FixedTimeEquals(Hash(secret, salt), hash)
                ? null
                : "is not the one that the others have",
        };
        if (problem is not null)
        {
            throw new ConfigurationException(
                $"{ClusterSettings.SecretKey} {problem} in the cluster {settings.ClusterId} in the database " +
                $"{Database}.");
        }
    }

    private async Task<bool> CompareSchemaAsync(CancellationToken cancellationToken)
    {
        await using var find = source.CreateCommand(
            """SELECT scriptname FROM schema_versions ORDER BY scriptname COLLATE "C" DESC LIMIT 1""");
        var found = (string?)await find.ExecuteScalarAsync(cancellationToken);
        return string.CompareOrdinal(found, SchemaVersion) switch
        {
            0 => true,
            < 0 => false,    // the silos are about to change it
            _ => throw new ConfigurationException(
                $"The database {Database} ({ClusterSettings.DatabaseKey}) was made by a newer version of NewLoom: " +
                $"this one does not know its script {found}."),
        };
    }
}
