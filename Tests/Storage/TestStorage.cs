using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NewLoom.Chats;
using NewLoom.Grains.Storage;

namespace NewLoom.Tests.Storage;

/// <summary>The storage of one silo on a real file, without the silo.</summary>
internal sealed class TestStorage : IAsyncDisposable
{
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;

    public TestStorage(string connectionString, StorageOptions? options = null, bool isStarted = true)
    {
        SqliteMigrations.Apply(connectionString, NullLogger.Instance);
        var file = new SqliteFile(connectionString);
        var given = Options.Create(options ?? new StorageOptions());
        _writer = new SqliteWriter(file, given, NullLogger<SqliteWriter>.Instance);
        _readers = new SqliteReaders(file, given);
        Log = new SqliteMessageLog(_writer, _readers);
        Chats = new SqliteChatStore(_writer, _readers, TimeProvider.System);
        Streams = new SqliteStreamStore(_writer, _readers, TimeProvider.System);
        Audit = new SqliteAuditStore(_writer, _readers, TimeProvider.System);
        Reminders = new SqliteReminderTable(_writer, _readers);
        if (isStarted)
        {
            Start();
        }
    }

    public IMessageLog Log { get; }

    public IChatStore Chats { get; }

    public IStreamStore Streams { get; }

    public IAuditStore Audit { get; }

    public SqliteReminderTable Reminders { get; }

    public static MessageDraft Draft(string content, string? clientId = null, string user = "alice") =>
        new() { User = user, Content = content, ClientId = clientId };

    public void Start()
    {
        _writer.Start();
        _readers.Start();
    }

    public Task<AppendResult> AppendAsync(LogTail tail, string content, string? clientId = null) =>
        Log.AppendAsync(tail, Draft(content, clientId), DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123));

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync();
        await _readers.StopAsync();
    }

    /// <summary>Holds the file's write lock from another connection until it is disposed.</summary>
    public static SqliteConnection Lock(string connectionString)
    {
        var connection = new SqliteConnection(connectionString + ";Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        return connection;
    }
}
