using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace NewLoom.Tests.Support;

/// <summary>A PostgreSQL server of its own, on the loopback interface and in a folder that is removed with it.</summary>
/// <remarks>Nothing in it outlives the test, so that it does not wait for the disk.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The superuser, who needs no password.</summary>
    public const string User = "postgres";

    private const string DebianFolder = "/usr/lib/postgresql";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _folder = Directory.CreateTempSubdirectory("newloom-postgres-").FullName;
    private Process? _process;

    /// <summary>Where it listens: an address of the loopback interface.</summary>
    public string Address { get; init; } = "127.0.0.1";

    public int Port { get; init; } = FreePort();

    /// <summary>How a database of it is reached.</summary>
    public string ConnectionString(string database) =>
        $"Host={Address};Port={Port};Username={User};Database={database}";

    /// <summary>Makes the server's files, and returns when it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var initdb = AsServerUser(
            Program("initdb"), "-D", _folder, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync(["chown", User, _folder], cancellationToken);    // it refuses to be root
        }

        await RunAsync(initdb, cancellationToken);
        string[] server = AsServerUser(
            Program("postgres"), "-D", _folder, "-k", _folder, "-h", Address, "-p", $"{Port}", "-F",
            "-c", "max_connections=300");
        _process = Process.Start(new ProcessStartInfo(server[0], server[1..]) { RedirectStandardError = true })!;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _ready.TrySetException(
            new InvalidOperationException($"PostgreSQL ended:\n{string.Join('\n', _output)}"));
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        await _ready.Task.WaitAsync(Limit, cancellationToken);
    }

    /// <summary>Creates an empty database.</summary>
    /// <returns>How it is reached.</returns>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var create = source.CreateCommand($"CREATE DATABASE \"{name}\"");
        await create.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionString(name);
    }

    /// <summary>Creates a database that is a copy of another one, to which nobody is connected.</summary>
    /// <returns>How it is reached.</returns>
    public string CopyDatabase(string template, string name)
    {
        Administer($"CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"");
        return ConnectionString(name);
    }

    /// <summary>Removes a database with everybody who is connected to it.</summary>
    public void DropDatabase(string connectionString) => Administer(
        $"DROP DATABASE \"{new NpgsqlConnectionStringBuilder(connectionString).Database}\" WITH (FORCE)");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            using var kill = Process.Start("kill", ["-QUIT", $"{_process.Id}"]);    // all its processes end at once
            await _process.WaitForExitAsync().WaitAsync(Limit);
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Administer(string sql)
    {
        using var connection = new NpgsqlConnection($"{ConnectionString(User)};Pooling=False");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
            if (line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                _ready.TrySetResult();
            }
        }
    }

    /// <summary>On the PATH, or where Debian puts it.</summary>
    private static string Program(string name)
    {
        var debian = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder)
                .Select(folder => Path.Combine(folder, "bin", name))
                .FirstOrDefault(File.Exists)
            : null;
        return debian ?? Requirement.Program(name);
    }

    private static string[] AsServerUser(params string[] command) => Environment.IsPrivilegedProcess
        ? [Requirement.Program("setpriv"), $"--reuid={User}", $"--regid={User}", "--clear-groups", .. command]
        : command;

    private static async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        var run = await ProgramRun.OfAsync(command[0], Path.GetTempPath(), Limit, cancellationToken, command[1..]);
        Assert.True(run.ExitCode == 0, $"{command[0]} failed:\n{run.Output}\n{run.Errors}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
