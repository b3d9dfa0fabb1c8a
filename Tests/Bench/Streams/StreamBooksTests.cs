using NewLoom.Bench.Sockets;
using NewLoom.Bench.Streams;
using NewLoom.Bench.Timing;

namespace NewLoom.Tests.Bench.Streams;

/// <summary>Whatever goes wrong at a viewer is noticed.</summary>
public sealed class StreamBooksTests
{
    private const long FirstId = 1_000;
    private const long SecondId = 1_001;

    private static readonly StreamLayout Layout = new(Streams: 2, Viewers: 1, Publishers: 1);
    private static readonly ReportPlan Counters = new(Streams: 2, Reports: 5, Errors: 2, SendsStats: true);
    private static readonly ReportPlan Statuses = new(Streams: 2, Reports: 3, Errors: 0, SendsStats: false);

    private readonly StreamBooks _books = new(Layout, [FirstId, SecondId]);
    private long _now;

    [Fact]
    public void Books_AreClean_WhenEveryViewerSawEverything()
    {
        Begin(Counters);

        See(0, FirstId, "running", "3", "e0", "e1", "5", "completed");
        Assert.False(_books.Complete.IsCompleted);
        See(1, SecondId, "running", "e0", "e1", "5", "completed");

        Assert.True(_books.Complete.IsCompleted);
        Assert.True(_books.Total() is { Clean: true, Expected: 8, Received: 8 });
        Assert.Equal((0, 3), (_books.Troubles, _books.StatsFrames));
    }

    [Fact]
    public void Books_AreClean_WhenStatusesTakeTurns()
    {
        Begin(Statuses);

        See(0, FirstId, "running", "paused", "running");
        See(1, SecondId, "running", "paused", "running");

        Assert.True(_books.Total() is { Clean: true, Expected: 6, Received: 6 });
        Assert.Equal(0, _books.Troubles);
    }

    [Theory]
    [InlineData("running,e1,e0,5,completed", "order")]
    [InlineData("running,e0,e0,e1,5,completed", "order")]
    [InlineData("e0,e1,5,completed", "order")]
    [InlineData("running,e0,5,completed", "order")]
    [InlineData("running,e0,e1,4,completed", "completed after the count 4 instead of 5")]
    [InlineData("running,e0,e1,completed", "completed after the count 0 instead of 5")]
    [InlineData("running,3,2,e0,e1,5,completed", "counters fell")]
    [InlineData("running,e0,e1,5,completed,5", "counters after the end")]
    [InlineData("running,e0,e1,5,completed,completed", "order")]
    [InlineData("running,1,2,3,3,3,3,3,3,3,3,4,e0,e1,5,completed", "more than ten frames")]
    public void Books_SayWhatIsWrong(string seen, string trouble)
    {
        Begin(Counters);

        See(0, FirstId, seen.Split(','));

        Assert.NotEqual(0, _books.Troubles);
        Assert.Contains(trouble, _books.FirstTrouble, StringComparison.Ordinal);
    }

    [Fact]
    public void Books_CountWhatIsMissing()
    {
        Begin(Counters);

        See(0, FirstId, "running", "e0", "e1", "5", "completed");
        See(1, SecondId, "running", "e0");

        Assert.False(_books.Complete.IsCompleted);
        Assert.True(_books.Total() is { Clean: false, Lost: 2 });
    }

    [Fact]
    public void Books_CountFramesAtTheWrongSocket()
    {
        Begin(Counters);

        See(0, SecondId, "running");

        Assert.Equal(1, _books.Total().Misrouted);
    }

    [Fact]
    public void Books_CountRefusalsAndCloses()
    {
        Begin(Counters);

        _books.Received(0, """{"type":"error","code":"rate_limited","message":"Too many messages"}"""u8, 0);
        _books.Received(0, """{"type":"error","code":"permission_denied","message":"no","stream_id":1000}"""u8, 0);
        _books.Received(0, """{"type":"error","code":"rate_limited","message":"no","stream_id":1000}"""u8, 0);
        ((ISocketListener)_books).Closed(1, "4508");

        Assert.Equal((3, 1), (_books.Troubles, _books.Closed));
        Assert.Contains("rate_limited", _books.FirstTrouble, StringComparison.Ordinal);
    }

    private void Begin(ReportPlan plan) => _books.Begin(plan, plan.ScheduleFrom(startNanoseconds: 0, rate: 100));

    /// <summary>Statuses, errors as <c>e</c> with their number, counters as numbers; each a millisecond after the
    /// last.</summary>
    private void See(int socket, long streamId, params string[] seen)
    {
        foreach (var what in seen)
        {
            var frame = long.TryParse(what, out var count) ? ReportFrame.Stats(streamId, count)
                : what.Length == 2 ? ReportFrame.Error(streamId, what[1] - '0')
                : ReportFrame.Status(streamId, what);
            _books.Received(socket, frame, _now += MonotonicClock.Second / 1_000);
        }
    }
}
