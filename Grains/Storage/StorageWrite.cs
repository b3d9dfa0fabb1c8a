using System.Diagnostics;

namespace NewLoom.Grains.Storage;

/// <summary>One write that waits for the writer. Runs in a transaction with others.</summary>
internal abstract class StorageWrite
{
    /// <summary>Set when this write alone failed: the others of its transaction still count.</summary>
    public Exception? Error { get; set; }

    /// <summary>What is traced and led to this write, if anything is.</summary>
    public Activity? Cause { get; set; }

    /// <summary>Whether it is several statements, so that a failure between them must be undone alone.</summary>
    public virtual bool NeedsSavepoint => false;

    /// <summary>Changes the database. An exception fails this write alone, unless storage itself failed.</summary>
    public abstract void Execute(DatabaseSession session, BatchTails tails);

    /// <summary>Tells the caller that the write is durable.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing was changed.</summary>
    public abstract void Fail(Exception error);

    /// <summary>Tells the caller that nobody knows whether it was changed: the database was lost while it
    /// committed.</summary>
    public virtual void Doubt(Exception error) => Fail(error);
}

/// <summary>A write with a result for its caller.</summary>
internal abstract class StorageWrite<T> : StorageWrite
{
    // The caller must not continue on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    /// <summary>Ends when the write is durable or has failed.</summary>
    public Task<T> Done => _done.Task;

    /// <inheritdoc/>
    public sealed override void Execute(DatabaseSession session, BatchTails tails) => _result = Run(session, tails);

    /// <inheritdoc/>
    public sealed override void Complete() => _done.TrySetResult(_result);

    /// <inheritdoc/>
    public sealed override void Fail(Exception error) => _done.TrySetException(error);

    /// <summary>What <see cref="Complete"/> tells in place of what <see cref="Execute"/> gave.</summary>
    protected void SetResult(T result) => _result = result;

    /// <summary>Changes the database and gives the result.</summary>
    protected abstract T Run(DatabaseSession session, BatchTails tails);
}

/// <summary>A write that is a few statements: all of them or none.</summary>
internal sealed class StorageStatements<T>(Func<DatabaseSession, T> run) : StorageWrite<T>
{
    /// <inheritdoc/>
    public override bool NeedsSavepoint => true;

    /// <inheritdoc/>
    protected override T Run(DatabaseSession session, BatchTails tails) => run(session);
}

/// <summary>A write that is one statement, of which nobody needs to know how many rows it changed.</summary>
internal sealed class StorageStatement(string sql, params (string Name, object? Value)[] parameters)
    : StorageWrite<bool>
{
    /// <inheritdoc/>
    protected override bool Run(DatabaseSession session, BatchTails tails)
    {
        session.Post(sql, parameters);
        return true;
    }
}
