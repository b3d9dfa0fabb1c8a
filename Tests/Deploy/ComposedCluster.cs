using NewLoom.Bench.Processes;
using NewLoom.Tests.Support;
using Npgsql;

namespace NewLoom.Tests.Deploy;

/// <summary>What compose.yaml describes, as plain processes: with its environment variables and ports, and each
/// container's address moved into the loopback network.</summary>
/// <remarks>Starts when the first test asks for it, so that a machine without nginx skips the tests.</remarks>
public sealed class ComposedCluster : IAsyncDisposable
{
    /// <summary>What <c>ServiceProcess</c> would add by itself.</summary>
    private static readonly string[] NotFromHere =
    [
        "ASPNETCORE_URLS", "ConnectionStrings__NewLoom", "NewLoom__Storage", "NewLoom__AdminToken", "NewLoom__SiloPort",
        "NewLoom__OrleansGatewayPort", "NewLoom__Limits__FailedAuthenticationsPerMinute",
    ];

    private readonly string _network = $"127.{Random.Shared.Next(64, 255)}.{Random.Shared.Next(256)}.";
    private readonly Dictionary<string, ServiceProcess> _processes = [];
    private Task? _started;
    private PostgresServer? _postgres;
    private NginxProcess? _proxy;

    /// <summary>The file, with secrets of the tests.</summary>
    internal ComposeFile File { get; } = ComposeFile.Load(Secrets);

    /// <summary>What the tests have in .env.</summary>
    internal static Dictionary<string, string> Secrets { get; } = new()
    {
        ["POSTGRES_PASSWORD"] = "the-database-password-of-the-tests",
        ["NEWLOOM_CLUSTER_SECRET"] = "the-cluster-secret-of-the-tests",
        ["NEWLOOM_ADMIN_TOKEN"] = ServiceProcess.AdminToken,
    };

    internal NginxProcess Proxy => _proxy ?? throw new InvalidOperationException("The cluster has not been started.");

    /// <summary>Makes users and chats through the proxy.</summary>
    internal World World => new(token => Proxy.Http(token));

    /// <summary>A silo or gateway.</summary>
    internal ServiceProcess Process(string name) => _processes[name];

    /// <summary>A container's address in the loopback network.</summary>
    internal string AddressOf(string name) => Here(File.Address(name));

    /// <summary>Moves what a text says of the containers' network into the loopback network.</summary>
    internal string Here(string text) => text.Replace(File.Network, _network, StringComparison.Ordinal);

    /// <summary>The cluster's database.</summary>
    internal NpgsqlConnection Database() => new($"{_postgres!.ConnectionString("newloom")};Pooling=False");

    /// <summary>Returns when all of it serves.</summary>
    internal Task StartedAsync() => _started ??= StartAsync();

    /// <summary>Runs a silo's or gateway's health check as its container would.</summary>
    internal async Task<bool> IsHealthyAsync(string name)
    {
        var command = File.HealthCheck(name)
            .Select(part => part.Replace("127.0.0.1", AddressOf(name), StringComparison.Ordinal)).ToList();
        var run = await ProgramRun.OfAsync(
            Requirement.Program(command[0]), Path.GetTempPath(), TimeSpan.FromSeconds(20),
            TestContext.Current.CancellationToken, [.. command.Skip(1)]);
        return run.ExitCode == 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        NginxProcess.Program();
        await StartPostgresAsync(ct);
        var programs = new Dictionary<string, string> { ["newloom-silo"] = "Silo", ["newloom-gateway"] = "Gateway" };
        foreach (var name in File.Names)
        {
            if (programs.TryGetValue($"{File.Service(name)["image"]}", out var program))
            {
                _processes[name] = new ServiceProcess(Environment(name), program: program);
            }
        }

        await Task.WhenAll(_processes.Values.Select(process => process.StartAsync(ct)));
        _proxy = new NginxProcess(AddressOf("proxy"), _processes.Keys.ToDictionary(name => name, AddressOf));
        await _proxy.StartAsync(ct);
    }

    private async Task StartPostgresAsync(CancellationToken cancellationToken)
    {
        var settings = File.Environment("postgres");
        _postgres = new PostgresServer { Address = AddressOf("postgres"), Port = 5432 };
        await _postgres.StartAsync(cancellationToken);
        await using var source = NpgsqlDataSource.Create(_postgres.ConnectionString("postgres"));
        await using var createUser = source.CreateCommand(
            $"CREATE ROLE {settings["POSTGRES_USER"]} LOGIN PASSWORD '{settings["POSTGRES_PASSWORD"]}'");
        await createUser.ExecuteNonQueryAsync(cancellationToken);
        await using var createDatabase = source.CreateCommand(
            $"CREATE DATABASE {settings["POSTGRES_DB"]} OWNER {settings["POSTGRES_USER"]}");
        await createDatabase.ExecuteNonQueryAsync(cancellationToken);
    }

    private Dictionary<string, string?> Environment(string name)
    {
        var environment = NotFromHere.ToDictionary(variable => variable, _ => (string?)null);
        foreach (var (variable, value) in File.Environment(name))
        {
            environment[variable] = Here(value)
                .Replace("http://+:", $"http://{AddressOf(name)}:", StringComparison.Ordinal)
                .Replace("Host=postgres;", $"Host={AddressOf("postgres")};", StringComparison.Ordinal);
        }

        return environment;
    }
}
