using NewLoom.Gateways;
using NewLoom.Streams;

namespace NewLoom.Tests.Streams;

/// <summary>A stream as somebody sees it who is told its events, and nothing else.</summary>
internal sealed class ReplayedStream
{
    private readonly List<StreamError> _errors = [];
    private StreamStats _stats = StreamStats.None;
    private StreamStatus _status = StreamStatus.Pending;
    private int _execution = 1;
    private long _version;

    public void Take(GatewayEvent item)
    {
        switch (item)
        {
            case StatusChanged status:
                Place(status.Seq, status.Position);
                if (status.Execution != _execution)
                {
                    Assert.Equal(_execution + 1, status.Execution);
                    (_execution, _stats) = (status.Execution, StreamStats.None);
                    _errors.Clear();
                }

                (_status, _stats) = (status.Status, status.FinalStats ?? _stats);
                break;
            case ErrorReported error:
                Place(error.Error.Seq, error.Position);
                Assert.Equal(_execution, error.Execution);
                _errors.Add(error.Error);
                break;
            case StatsChanged stats:
                Assert.Equal((_execution, _version), (stats.Execution, stats.Position.LastSeq));
                _stats = stats.Stats;
                break;
        }
    }

    /// <summary>The time of a running execution is left out: nobody is told of each second.</summary>
    public void AssertSame(StreamSnapshot snapshot)
    {
        Assert.Equal((_execution, _status, _version), (snapshot.Execution, snapshot.Status, snapshot.Version));
        Assert.Equal(_errors.TakeLast(StreamSnapshot.ErrorCountMax), snapshot.Errors);
        var time = snapshot.Status.IsTerminal() ? snapshot.Stats.ExecutionTime : _stats.ExecutionTime;
        Assert.Equal(_stats, snapshot.Stats with { ExecutionTime = time });
    }

    private void Place(long seq, TopicPosition position)
    {
        Assert.Equal((_version + 1, _version + 1), (seq, position.LastSeq));
        _version = seq;
    }
}
