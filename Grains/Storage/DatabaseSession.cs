using System.Data.Common;

namespace NewLoom.Grains.Storage;

/// <summary>One connection with what it has prepared; used by one thread.</summary>
/// <remarks>Statements are written for all databases: <c>"user"</c> is quoted, <c>greatest</c> is the larger of
/// two values, and rows may be locked. Parameters are named, and given in any order.</remarks>
internal abstract class DatabaseSession : IDisposable
{
    /// <summary>Whether the connection is lost, so that only a new one can go on.</summary>
    public virtual bool IsBroken => false;

    /// <summary>Begins a transaction whose queries all see the same state.</summary>
    public abstract void BeginRead();

    /// <summary>Begins a transaction that writes.</summary>
    /// <exception cref="MemberGoneException">The cluster has given this silo up: it may not write any more.</exception>
    public abstract void BeginWrite();

    /// <summary>Ends the transaction; what it wrote is durable.</summary>
    public abstract void Commit();

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>How many rows it changed, those of triggers and cascades apart.</returns>
    public abstract int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>Runs a query to its end.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="read">Reads a row; it must not use the session.</param>
    /// <param name="parameters">Their values.</param>
    public abstract List<T> Query<T>(
        string sql, Func<DbDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>Runs a statement that inserts at most one row into a table with a column <c>id</c>.</summary>
    /// <returns>Its id; null when it inserted none.</returns>
    public abstract long? Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters);

    /// <summary>Runs a statement of which nobody needs to know how many rows it changed, at the latest when the next
    /// one runs.</summary>
    public virtual void Post(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Execute(sql, parameters);

    /// <summary>Runs a statement that should change one row.</summary>
    /// <returns>Whether it did. A session that runs several writes at once answers true, and runs them again one by one
    /// when that was wrong.</returns>
    public virtual bool Claim(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Execute(sql, parameters) == 1;

    /// <summary>Runs the writes of a batch in their order. One that fails alone leaves the others as they are; its
    /// <see cref="StorageWrite.Error"/> says why.</summary>
    public virtual void Run(IReadOnlyList<StorageWrite> batch, BatchTails tails)
    {
        foreach (var write in batch)
        {
            RunAlone(write, tails);
        }
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Runs one write.</summary>
    protected void RunAlone(StorageWrite write, BatchTails tails)
    {
        var isUndoable = NeedsSavepoint(write);
        if (isUndoable)
        {
            Save();
        }

        try
        {
            write.Execute(this, tails);
            if (isUndoable)
            {
                Release();
            }
        }
        catch (Exception e) when (IsOfOneWrite(e))
        {
            write.Error = e;
            if (isUndoable)
            {
                Undo();
            }
        }
    }

    /// <summary>Whether a failure of the write must be undone.</summary>
    protected virtual bool NeedsSavepoint(StorageWrite write) => write.NeedsSavepoint;

    /// <summary>Whether only the write that ran is at fault, and the transaction goes on without it.</summary>
    protected abstract bool IsOfOneWrite(Exception error);

    /// <summary>Sets the savepoint.</summary>
    protected abstract void Save();

    /// <summary>Undoes what came after the savepoint, and drops it.</summary>
    protected abstract void Undo();

    /// <summary>Drops the savepoint; what came after it stays.</summary>
    protected abstract void Release();
}
