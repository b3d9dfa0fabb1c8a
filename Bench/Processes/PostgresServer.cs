using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace NewLoom.Bench.Processes;

/// <summary>A PostgreSQL server of its own, on the loopback interface and in a folder that is removed with it.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The superuser, who needs no password.</summary>
    public const string User = "postgres";

    private const string DebianFolder = "/usr/lib/postgresql";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("newloom-postgres-").FullName;
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    /// <summary>Whether this machine has PostgreSQL.</summary>
    public static bool IsInstalled => Find("postgres") is not null;

    /// <summary>Where it listens: an address of the loopback interface.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Its port.</summary>
    public int Port { get; init; } = FreePorts.Take();

    /// <summary>Whether it waits for the disk. If not, what it holds outlives its own death, but not the
    /// machine's.</summary>
    public bool IsDurable { get; init; }

    /// <summary>The process, once it is started.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>Everything that it has written so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>How a database of it is reached.</summary>
    public string ConnectionString(string database) =>
        $"Host={Address};Port={Port};Username={User};Database={database}";

    /// <summary>Makes the server's files, and returns when it answers.</summary>
    /// <exception cref="BenchException">This machine has no PostgreSQL, or it does not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var initdb = AsServerUser(
            Program("initdb"), "-D", _folder, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        if (Environment.IsPrivilegedProcess)
        {
            await InstalledProgram.RunAsync(["chown", User, _folder], cancellationToken);    // it refuses to be root
        }

        await InstalledProgram.RunAsync(initdb, cancellationToken);
        await LaunchAsync(cancellationToken);
    }

    /// <summary>Ends the server and starts it again on the same files; returns when it answers.</summary>
    /// <param name="isImmediate">Whether it is to drop everything at once and recover from its log (SIGQUIT), instead
    /// of telling its clients and writing everything first (SIGINT).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RestartAsync(bool isImmediate, CancellationToken cancellationToken)
    {
        await StopAsync(isImmediate);
        await LaunchAsync(cancellationToken);
    }

    /// <summary>Starts the server on the files that there are, and returns when it answers.</summary>
    public async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ready = ready;
        string[] server = AsServerUser(
            Program("postgres"), "-D", _folder, "-k", _folder, "-h", Address, "-p", $"{Port}",
            "-c", $"fsync={(IsDurable ? "on" : "off")}", "-c", "max_connections=300");
        _process = Process.Start(new ProcessStartInfo(server[0], server[1..]) { RedirectStandardError = true })!;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => ready.TrySetException(new BenchException($"PostgreSQL ended:\n{Output}"));
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(Limit, cancellationToken);
    }

    /// <summary>Ends the server, if it runs; <see cref="LaunchAsync"/> starts it again on the same files.</summary>
    /// <param name="isImmediate">As in <see cref="RestartAsync"/>.</param>
    public async Task StopAsync(bool isImmediate)
    {
        if (_process is { HasExited: false })
        {
            Signal.Send(_process.Id, isImmediate ? Signal.Quit : Signal.Interrupt);
            await _process.WaitForExitAsync().WaitAsync(Limit);
        }

        _process?.Dispose();
        _process = null;
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

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(isImmediate: true);
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

    /// <summary>Where Debian puts it, or on the PATH.</summary>
    private static string? Find(string name)
    {
        var debian = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder)
                .Select(folder => Path.Combine(folder, "bin", name))
                .FirstOrDefault(File.Exists)
            : null;
        return debian ?? InstalledProgram.Find(name);
    }

    private static string Program(string name) =>
        Find(name) ?? throw new BenchException($"This machine has no PostgreSQL ({name}).");

    private static string[] AsServerUser(params string[] command) => Environment.IsPrivilegedProcess
        ? [InstalledProgram.Get("setpriv"), $"--reuid={User}", $"--regid={User}", "--clear-groups", .. command]
        : command;
}
