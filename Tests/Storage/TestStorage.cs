using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NewLoom.Chats;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Storage.PostgreSql;
using NewLoom.Grains.Storage.Sqlite;
using NewLoom.Tests.Support;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;

namespace NewLoom.Tests.Storage;

/// <summary>The storage of one silo on a real database, without the silo.</summary>
internal sealed class TestStorage : IAsyncDisposable
{
    private readonly StorageWriter _writer;
    private readonly StorageReaders _readers;
    private readonly NpgsqlDataSource? _source;

    /// <param name="database">Where it is.</param>
    /// <param name="options">Bounds; null takes the defaults.</param>
    /// <param name="isStarted">Whether its threads run.</param>
    /// <param name="fence">What may keep it from writing, on PostgreSQL.</param>
    public TestStorage(
        TestDatabase database, StorageOptions? options = null, bool isStarted = true, MemberFence? fence = null)
        : this(database.ConnectionString, database.IsFile, options, isStarted, fence)
    {
    }

    /// <summary>On a PostgreSQL database that is reached in another way.</summary>
    public TestStorage(TestDatabase database, string connectionString)
        : this(connectionString, database.IsFile, null, isStarted: true, null)
    {
    }

    /// <summary>On a file that is somewhere in particular.</summary>
    public TestStorage(string fileConnectionString)
        : this(fileConnectionString, isFile: true, null, isStarted: true, null)
    {
    }

    private TestStorage(
        string connectionString, bool isFile, StorageOptions? options, bool isStarted, MemberFence? fence)
    {
        Database database;
        if (isFile)
        {
            SqliteMigrations.Apply(connectionString, NullLogger.Instance);
            database = new SqliteDatabase(connectionString);
        }
        else
        {
            _source = PostgreSqlSource.Create(connectionString);
            database = new PostgreSqlDatabase(_source, fence);
        }

        var given = Options.Create(options ?? new StorageOptions());
        _writer = new StorageWriter(database, given, NullLogger<StorageWriter>.Instance);
        _readers = new StorageReaders(database, given);
        Log = new MessageLog(_writer, _readers);
        Chats = new ChatStore(_writer, _readers, TimeProvider.System);
        Streams = new StreamStore(_writer, _readers, TimeProvider.System);
        Audit = new AuditStore(_writer, _readers, TimeProvider.System);
        Reminders = _source is null ? new SqliteReminderTable(_writer, _readers) : RemindersOf(_source);
        if (isStarted)
        {
            Start();
        }
    }

    public IMessageLog Log { get; }

    public IChatStore Chats { get; }

    public IStreamStore Streams { get; }

    public IAuditStore Audit { get; }

    public IReminderTable Reminders { get; }

    public static MessageDraft Draft(string content, string? clientId = null, string user = "alice") =>
        new() { User = user, Content = content, ClientId = clientId };

    public void Start()
    {
        _writer.Start();
        _readers.Start();
    }

    public Task<AppendResult> AppendAsync(LogTail tail, string content, string? clientId = null) =>
        Log.AppendAsync(tail, Draft(content, clientId), DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123));

    /// <summary>What takes deleted topics out of the tables.</summary>
    public TopicPurge CreatePurge(TimeProvider time) =>
        new(_writer, _readers, time, NullLogger<TopicPurge>.Instance);

    /// <summary>Deletes a slice of a deleted topic.</summary>
    public Task<bool> DeleteSliceAsync(TopicDeletion deletion, int rowCount) =>
        _writer.WriteAsync(new StorageStatements<bool>(session => deletion.DeleteSlice(session, rowCount)));

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync();
        await _readers.StopAsync();
        await (_source?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Orleans' own table of reminders.</summary>
    private static IReminderTable RemindersOf(NpgsqlDataSource source)
    {
        var services = new ServiceCollection();
        services.Configure<ClusterOptions>(cluster => cluster.ServiceId = "newloom-test");
        services.UseAdoNetReminderService(options => options.Configure(o =>
            (o.Invariant, o.DataSource) = ("Npgsql", source)));
        return services.BuildServiceProvider().GetRequiredService<IReminderTable>();
    }
}
