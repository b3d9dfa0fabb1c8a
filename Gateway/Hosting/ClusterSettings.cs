using Npgsql;

namespace NewLoom.Gateway.Hosting;

/// <summary>How silos and gateways find each other.</summary>
internal enum ClusteringKind
{
    /// <summary>One silo process, alone, and gateways on the same machine.</summary>
    Localhost,

    /// <summary>A table in the database that all share.</summary>
    PostgreSql,
}

/// <summary>The cluster that this process belongs to: the same keys for silos and gateways.</summary>
internal sealed record ClusterSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "NewLoom";

    /// <summary>Key of <see cref="Clustering"/>.</summary>
    public const string ClusteringKey = $"{Section}:{nameof(Clustering)}";

    /// <summary>Key of <see cref="OrleansGatewayPort"/>.</summary>
    public const string OrleansGatewayPortKey = $"{Section}:{nameof(OrleansGatewayPort)}";

    /// <summary>Key of <see cref="Database"/>.</summary>
    public const string DatabaseKey = "ConnectionStrings:NewLoom";

    /// <summary>Key of <see cref="ServiceId"/>.</summary>
    public const string ServiceIdKey = $"{Section}:{nameof(ServiceId)}";

    /// <summary>Key of <see cref="Secret"/>.</summary>
    public const string SecretKey = $"{Section}:ClusterSecret";

    private const string DefaultName = "newloom";

    /// <summary>How its members find each other. (default: Localhost)</summary>
    public required ClusteringKind Clustering { get; init; }

    /// <summary>One deployment within a database. (default: newloom)</summary>
    public required string ClusterId { get; init; }

    /// <summary>Part of every grain state's key: a service with another one finds nothing of this one's.
    /// (default: newloom)</summary>
    public required string ServiceId { get; init; }

    /// <summary>TCP port on which gateways talk to a silo. (default: 30000)</summary>
    public required int OrleansGatewayPort { get; init; }

    /// <summary>What all members must know, if the cluster has a secret: it keeps strangers out by mistake, not by
    /// force, for whoever can read the database needs none.</summary>
    public string? Secret { get; init; }

    /// <summary>The database's connection string, if one is configured.</summary>
    public required string? Database { get; init; }

    /// <exception cref="ConfigurationException">A value is wrong.</exception>
    public static ClusterSettings Read(IConfiguration configuration)
    {
        var settings = new ClusterSettings
        {
            Clustering = Settings.Choice<ClusteringKind>(configuration, ClusteringKey),
            ClusterId = Settings.Name(configuration, $"{Section}:{nameof(ClusterId)}", DefaultName),
            ServiceId = Settings.Name(configuration, $"{Section}:{nameof(ServiceId)}", DefaultName),
            OrleansGatewayPort = Settings.Port(configuration, OrleansGatewayPortKey, 30_000),
            Secret = configuration[SecretKey] is { Length: > 0 } secret ? secret : null,
            Database = configuration[DatabaseKey],
        };
        if (settings.Clustering == ClusteringKind.PostgreSql)
        {
            CheckDatabase(settings.Database);
        }

        return settings;
    }

    private static void CheckDatabase(string? database)
    {
        NpgsqlConnectionStringBuilder parsed;
        try
        {
            parsed = new NpgsqlConnectionStringBuilder(database);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            // Npgsql quotes what it does not understand, which may be a piece of the password.
            parsed = [];
        }

        if (parsed is not { Host.Length: > 0, Database.Length: > 0 })
        {
            throw new ConfigurationException(
                $"{DatabaseKey} must name a PostgreSQL server and a database when {ClusteringKey} is " +
                $"{ClusteringKind.PostgreSql}, for example \"Host=db;Database=newloom;Username=newloom;Password=…\".");
        }
    }
}
