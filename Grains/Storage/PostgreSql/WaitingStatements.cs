using System.Data;
using System.Data.Common;
using Npgsql;

namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>Statements that wait for one whose answer somebody needs, to share its round trip.</summary>
internal sealed class WaitingStatements(NpgsqlConnection connection) : IDisposable
{
    private readonly Dictionary<string, string> _translated = [];
    private readonly List<int> _claims = [];
    private NpgsqlBatch _batch = new(connection);
    private bool _isSending;

    /// <summary>How many wait.</summary>
    public int Count => _batch.BatchCommands.Count;

    /// <summary>How often the server was waited for.</summary>
    public long RoundTripCount { get; private set; }

    /// <summary>Whether a claim changed no row, or more than one.</summary>
    public bool IsClaimLost { get; set; }

    /// <summary>Adds a statement.</summary>
    /// <param name="sql">The statement, in the words of all databases.</param>
    /// <param name="parameters">Its values.</param>
    /// <param name="isClaim">Whether it must change one row.</param>
    public void Add(string sql, ReadOnlySpan<(string Name, object? Value)> parameters, bool isClaim = false)
    {
        if (_isSending)
        {
            throw new InvalidOperationException("A row is being read: its reader must not use the session.");
        }

        if (!_translated.TryGetValue(sql, out var text))
        {
            text = PostgreSqlDialect.Translate(sql, parameters);
            _translated.Add(sql, text);
        }

        var command = new NpgsqlBatchCommand(text);
        foreach (var (_, value) in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = Checked(value) });
        }

        if (isClaim)
        {
            _claims.Add(Count);
        }

        _batch.BatchCommands.Add(command);
    }

    /// <summary>Sends all.</summary>
    /// <returns>How many rows the last one changed.</returns>
    public int Send()
    {
        var count = 0;
        Send(() =>
        {
            _batch.ExecuteNonQuery();
            count = (int)_batch.BatchCommands[^1].RecordsAffected;
            foreach (var claim in _claims)
            {
                IsClaimLost |= _batch.BatchCommands[claim].RecordsAffected != 1;
            }
        });
        return count;
    }

    /// <summary>Sends all; the last one is a query, and those in front of it return no rows.</summary>
    public List<T> SendQuery<T>(Func<DbDataReader, T> read)
    {
        var rows = new List<T>();
        Send(() =>
        {
            using var reader = _batch.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }
        });
        return rows;
    }

    /// <summary>Forgets those from a place on; what waits in front of them stays.</summary>
    public void TakeBack(int from)
    {
        while (Count > from)
        {
            _batch.BatchCommands.RemoveAt(Count - 1);
        }

        _claims.RemoveAll(claim => claim >= from);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        if (Count > 0)
        {
            _batch.Dispose();
            _batch = new NpgsqlBatch(connection);
        }

        _claims.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _batch.Dispose();

    private static object Checked(object? value) => value switch
    {
        null => DBNull.Value,
        string text when !StorableText.IsValid(text) =>
            throw new ArgumentException("PostgreSQL cannot hold this text."),
        _ => value,
    };

    private void Send(Action send)
    {
        try
        {
            RoundTripCount++;
            _isSending = true;
            send();
        }
        catch (NullReferenceException e) when (connection.FullState != ConnectionState.Open)
        {
            throw PostgreSqlErrors.Broken(e);
        }
        finally
        {
            _isSending = false;
            Clear();
        }
    }
}
