using System.Collections.Immutable;
using NewLoom.Streams;

namespace NewLoom.Gateway.Streams;

/// <summary>A stream as far as this gateway has passed it on. Guarded by its feed's lock.</summary>
internal sealed class StreamView(StreamSnapshot begin)
{
    private StreamSnapshot _now = begin;

    public int Execution => _now.Execution;

    public StreamStats Stats => _now.Stats;

    /// <summary>The later of this view and what the stream itself says: with either, what follows is newer.</summary>
    public StreamSnapshot LaterOf(StreamSnapshot said)
    {
        if (said.Version > _now.Version)
        {
            return said;
        }

        return said.Version == _now.Version
            ? said with { Stats = StreamStats.Later(said.Stats, _now.Stats) }
            : _now;
    }

    public void Take(StatusChanged item)
    {
        if (item.Seq <= _now.Version)
        {
            return;
        }

        if (item.Execution != _now.Execution)
        {
            _now = _now with { Execution = item.Execution, Stats = StreamStats.None, Errors = [] };
        }

        _now = _now with { Status = item.Status, Stats = item.FinalStats ?? _now.Stats, Version = item.Seq };
    }

    public void Take(ErrorReported item)
    {
        if (item.Error.Seq > _now.Version)
        {
            var errors = _now.Errors.Add(item.Error);
            var surplus = Math.Max(0, errors.Length - StreamSnapshot.ErrorCountMax);
            _now = _now with { Errors = errors.RemoveRange(0, surplus), Version = item.Error.Seq };
        }
    }

    public void Take(int execution, StreamStats stats)
    {
        if (execution == _now.Execution && !_now.Status.IsTerminal())
        {
            _now = _now with { Stats = StreamStats.Later(_now.Stats, stats) };
        }
    }
}
