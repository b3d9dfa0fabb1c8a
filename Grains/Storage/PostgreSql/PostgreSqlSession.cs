using System.Data.Common;
using Npgsql;

namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>One connection to the server.</summary>
/// <remarks>What costs here is the round trip, so nothing makes one of its own that can wait for the next: a posted
/// statement, a savepoint, the beginning of a transaction. They are sent in front of the next statement whose answer
/// somebody needs.</remarks>
internal sealed class PostgreSqlSession(NpgsqlConnection connection, MemberFence? fence = null) : DatabaseSession
{
    /// <summary>Statements that may wait: more would only take memory.</summary>
    private const int WaitingCountMax = 1_000;

    private readonly Dictionary<string, string> _translated = [];
    private readonly List<int> _claims = [];
    private NpgsqlBatch _waiting = new(connection);
    private int? _waitingSavepoint;
    private bool _isSending;
    private bool _isPipelined;
    private bool _isClaimLost;

    /// <inheritdoc/>
    public override bool IsBroken => connection.FullState != System.Data.ConnectionState.Open;

    /// <summary>How often this session has waited for the server.</summary>
    public long RoundTripCount { get; private set; }

    /// <inheritdoc/>
    public override void BeginRead()
    {
        Forget();
        Post("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }

    /// <inheritdoc/>
    public override void BeginWrite()
    {
        Forget();
        Post("BEGIN");
        fence?.Check(this);
    }

    /// <inheritdoc/>
    public override void Commit() => Execute("COMMIT");

    /// <inheritdoc/>
    public override int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Add(sql, parameters);
        return Flush();
    }

    /// <inheritdoc/>
    public override List<T> Query<T>(
        string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Add(sql, parameters);
        var rows = new List<T>();
        Send(batch =>
        {
            // Those in front of it return no rows, so that the reader is at this one's.
            using var reader = batch.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }
        });
        return rows;
    }

    /// <inheritdoc/>
    public override long? Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Query($"{sql} RETURNING id", row => (long?)row.GetInt64(0), parameters).SingleOrDefault();

    /// <inheritdoc/>
    public override void Post(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Add(sql, parameters);
        if (_waiting.BatchCommands.Count >= WaitingCountMax)
        {
            Flush();
        }
    }

    /// <inheritdoc/>
    public override bool Claim(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_isPipelined)
        {
            return base.Claim(sql, parameters);
        }

        _claims.Add(_waiting.BatchCommands.Count);
        Post(sql, parameters);
        return true;
    }

    /// <inheritdoc/>
    public override void Run(IReadOnlyList<StorageWrite> batch, BatchTails tails)
    {
        var group = new WriteGroup(this, tails);
        foreach (var write in batch)
        {
            if (!group.TryAdd(write))
            {
                group.Run();
                RunAlone(write, tails);
            }
        }

        group.Run();
    }

    /// <summary>Runs several writes in one round trip, all of them or none.</summary>
    /// <returns>False when one of them has to be run alone; nothing was changed.</returns>
    public bool TryRunTogether(IReadOnlyList<StorageWrite> writes, BatchTails tails) => TryTogether(tails, () =>
    {
        _isPipelined = true;
        foreach (var write in writes)
        {
            write.Execute(this, tails);
        }

        Flush();
        return !_isClaimLost;
    });

    /// <summary>Runs statements, all of them or none.</summary>
    /// <param name="tails">What the statements move; moved back when they fail.</param>
    /// <param name="run">Runs them; false when they must be undone.</param>
    public bool TryTogether(BatchTails tails, Func<bool> run)
    {
        tails.Save();
        Save();
        (_isPipelined, _isClaimLost) = (false, false);
        try
        {
            if (run())
            {
                Release();
                return true;
            }
        }
        catch (Exception e) when (IsOfOneWrite(e))
        {
            // Whose fault it is shows when each runs alone.
        }
        finally
        {
            _isPipelined = false;
        }

        tails.Undo();
        Undo();
        return false;
    }

    /// <summary>Runs one write, with a savepoint of its own.</summary>
    public void RunOne(StorageWrite write, BatchTails tails) => RunAlone(write, tails);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _waiting.Dispose();
        connection.Dispose();
    }

    // An error aborts the whole transaction here, whatever caused it.
    /// <inheritdoc/>
    protected override bool NeedsSavepoint(StorageWrite write) => true;

    /// <inheritdoc/>
    protected override bool IsOfOneWrite(Exception error) =>
        error is not DbException || PostgreSqlErrors.IsStatementError(error);

    /// <inheritdoc/>
    protected override void Save()
    {
        _waitingSavepoint = _waiting.BatchCommands.Count;
        Post("SAVEPOINT item");
    }

    /// <inheritdoc/>
    protected override void Undo()
    {
        if (_waitingSavepoint is { } from)
        {
            // The server knows nothing of it yet. What waits in front of it belongs to others, and still counts.
            while (_waiting.BatchCommands.Count > from)
            {
                _waiting.BatchCommands.RemoveAt(_waiting.BatchCommands.Count - 1);
            }

            _claims.Clear();
            _waitingSavepoint = null;
            return;
        }

        Forget();
        Post("ROLLBACK TO SAVEPOINT item");
        Post("RELEASE SAVEPOINT item");
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        if (_waiting.BatchCommands.Count > 0)
        {
            Flush();    // what waits must fail before the savepoint goes
        }

        Post("RELEASE SAVEPOINT item");
    }

    private void Add(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
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

        _waiting.BatchCommands.Add(command);
    }

    private static object Checked(object? value) => value switch
    {
        null => DBNull.Value,
        string text when !StorableText.IsValid(text) =>
            throw new ArgumentException("PostgreSQL cannot hold this text."),
        _ => value,
    };

    private int Flush()
    {
        var count = 0;
        Send(batch =>
        {
            batch.ExecuteNonQuery();
            count = (int)batch.BatchCommands[^1].RecordsAffected;
            foreach (var claim in _claims)
            {
                _isClaimLost |= batch.BatchCommands[claim].RecordsAffected != 1;
            }
        });
        return count;
    }

    private void Send(Action<NpgsqlBatch> send)
    {
        try
        {
            RoundTripCount++;
            _isSending = true;
            send(_waiting);
        }
        finally
        {
            _isSending = false;
            Forget();
        }
    }

    private void Forget()
    {
        if (_waiting.BatchCommands.Count > 0)
        {
            _waiting.Dispose();
            _waiting = new NpgsqlBatch(connection);
        }

        _claims.Clear();
        _waitingSavepoint = null;
    }
}
