using Npgsql;

namespace NewLoom.Bench.Chaos;

/// <summary>Reads what is stored, past the service.</summary>
/// <remarks>Each question has a connection of its own: one that is kept may have died with the server since.</remarks>
internal sealed class StoredLog(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });

    /// <summary>All messages of a chat, ascending.</summary>
    public Task<List<ToldMessage>> MessagesAsync(long chatId, CancellationToken cancellationToken) => ReadAsync(
        "SELECT seq, id, sender, content, client_id FROM messages WHERE chat_id = $1 ORDER BY seq", chatId,
        row => new ToldMessage(
            row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4)),
        cancellationToken);

    /// <summary>All statuses and errors of a stream with their places, ascending.</summary>
    public Task<List<(long Seq, JobEvent Event)>> EventsAsync(long streamId, CancellationToken cancellationToken) =>
        ReadAsync(
            """
            SELECT seq, execution, timestamp, new_status, error_message FROM stream_events
            WHERE stream_id = $1 ORDER BY seq
            """,
            streamId,
            row => (row.GetInt64(0), new JobEvent(
                row.GetInt32(1), row.GetInt64(2), row.IsDBNull(3) ? null : JobStatuses.NameOf(row.GetInt32(3)),
                row.IsDBNull(4) ? null : row.GetString(4))),
            cancellationToken);

    /// <summary>The executions of a stream.</summary>
    public Task<List<(int Number, string Status)>> ExecutionsAsync(
        long streamId, CancellationToken cancellationToken) => ReadAsync(
            "SELECT number, status FROM executions WHERE stream_id = $1 ORDER BY number", streamId,
            row => (row.GetInt32(0), JobStatuses.NameOf(row.GetInt32(1))), cancellationToken);

    /// <summary>Whether the cluster has given up every silo of this address and port, all its lives.</summary>
    public async Task<bool> IsGivenUpAsync(string address, int port, CancellationToken cancellationToken)
    {
        // 6 is Orleans' SiloStatus.Dead.
        await using var command = _source.CreateCommand(
            "SELECT count(*) FROM orleansmembershiptable WHERE address = $1 AND port = $2 AND status <> 6");
        command.Parameters.AddWithValue(address);
        command.Parameters.AddWithValue(port);
        return await command.ExecuteScalarAsync(cancellationToken) is 0L;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<List<T>> ReadAsync<T>(
        string sql, long id, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        command.Parameters.AddWithValue(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
