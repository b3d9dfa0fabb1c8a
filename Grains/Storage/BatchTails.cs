using System.Runtime.InteropServices;

namespace NewLoom.Grains.Storage;

/// <summary>The tails that one transaction moves, as they will be once it is durable.</summary>
/// <remarks>The tails themselves move with the commit, so a batch that fails has nothing to put back.</remarks>
internal sealed class BatchTails
{
    private Dictionary<LogTail, Move> _moves = [];
    private Dictionary<LogTail, Move> _saved = [];

    /// <summary>The last place that is taken, this batch included; null when the tail is fenced.</summary>
    public long? FindLastSeq(LogTail tail)
    {
        var move = MoveOf(tail);
        return move.IsFenced ? null : move.LastSeq;
    }

    /// <summary>A row took the next place.</summary>
    public void Advance(LogTail tail) => MoveOf(tail).LastSeq++;

    /// <summary>Somebody else has written to the topic.</summary>
    public void Fence(LogTail tail) => MoveOf(tail).IsFenced = true;

    /// <summary>The batch is durable.</summary>
    public void Commit()
    {
        foreach (var (tail, move) in _moves)
        {
            tail.LastSeq = move.LastSeq;
            tail.IsFenced = move.IsFenced;
        }
    }

    /// <summary>Nobody knows whether the batch is durable: nothing more goes through its tails.</summary>
    public void FenceAll()
    {
        foreach (var tail in _moves.Keys)
        {
            tail.IsFenced = true;
        }
    }

    /// <summary>Remembers where the tails are, for <see cref="Undo"/>.</summary>
    public void Save()
    {
        _saved = new Dictionary<LogTail, Move>(_moves);
    }

    /// <summary>Puts the tails back to where they were.</summary>
    public void Undo() => (_moves, _saved) = (_saved, []);

    /// <summary>Forgets the batch.</summary>
    public void Clear() => _moves.Clear();

    private ref Move MoveOf(LogTail tail)
    {
        ref var move = ref CollectionsMarshal.GetValueRefOrAddDefault(_moves, tail, out var exists);
        if (!exists)
        {
            move = new Move { LastSeq = tail.LastSeq, IsFenced = tail.IsFenced };
        }

        return ref move;
    }

    private struct Move
    {
        public long LastSeq;
        public bool IsFenced;
    }
}
