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

    private readonly WaitingStatements _waiting = new(connection);
    private (long RoundTrip, int Place) _savepoint;
    private bool _isPipelined;

    /// <inheritdoc/>
    public override bool IsBroken => connection.FullState != System.Data.ConnectionState.Open;

    /// <summary>How often this session has waited for the server.</summary>
    public long RoundTripCount => _waiting.RoundTripCount;

    /// <inheritdoc/>
    public override void BeginRead()
    {
        _waiting.Clear();
        Post("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    }

    /// <inheritdoc/>
    public override void BeginWrite()
    {
        _waiting.Clear();
        Post("BEGIN");
        fence?.Check(this);
    }

    /// <inheritdoc/>
    public override void Commit() => Execute("COMMIT");

    /// <inheritdoc/>
    public override int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _waiting.Add(sql, parameters);
        return _waiting.Send();
    }

    /// <inheritdoc/>
    public override List<T> Query<T>(
        string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _waiting.Add(sql, parameters);
        return _waiting.SendQuery(read);
    }

    /// <inheritdoc/>
    public override long? Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Query($"{sql} RETURNING id", row => (long?)row.GetInt64(0), parameters).SingleOrDefault();

    /// <inheritdoc/>
    public override void Post(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _waiting.Add(sql, parameters);
        SendIfMany();
    }

    /// <inheritdoc/>
    public override bool Claim(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_isPipelined)
        {
            return base.Claim(sql, parameters);
        }

        _waiting.Add(sql, parameters, isClaim: true);
        SendIfMany();
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

        if (_waiting.Count > 0)
        {
            _waiting.Send();
        }

        return !_waiting.IsClaimLost;
    });

    /// <summary>Runs statements, all of them or none.</summary>
    /// <param name="tails">What the statements move; moved back when they fail.</param>
    /// <param name="run">Runs them; false when they must be undone.</param>
    public bool TryTogether(BatchTails tails, Func<bool> run)
    {
        tails.Save();
        Save();
        _waiting.IsClaimLost = false;
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
        _savepoint = (_waiting.RoundTripCount, _waiting.Count);
        Post("SAVEPOINT item");
    }

    /// <inheritdoc/>
    protected override void Undo()
    {
        if (_savepoint.RoundTrip == _waiting.RoundTripCount)
        {
            // The server knows nothing of it yet. What waits in front of it belongs to others, and still counts.
            _waiting.TakeBack(_savepoint.Place);
            return;
        }

        _waiting.Clear();
        Post("ROLLBACK TO SAVEPOINT item");
        Post("RELEASE SAVEPOINT item");
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        if (_waiting.Count > 0)
        {
            _waiting.Send();    // what waits must fail before the savepoint goes
        }

        Post("RELEASE SAVEPOINT item");
    }

    private void SendIfMany()
    {
        if (_waiting.Count >= WaitingCountMax)
        {
            _waiting.Send();
        }
    }
}
