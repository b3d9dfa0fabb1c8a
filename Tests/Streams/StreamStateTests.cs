using NewLoom.Grains.Storage;
using NewLoom.Grains.Streams;
using NewLoom.Streams;

namespace NewLoom.Tests.Streams;

public sealed class StreamStateTests
{
    private static readonly DateTimeOffset Noon = new(2024, 2, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly StreamState _stream = new(7, new StreamRecord
    {
        Name = "A stream",
        Owner = "alice",
        LastSeq = 3,
        LastTimestamp = Noon,
        Rights = [new("alice", true, true), new("bob", true, false), new("carol", false, true)],
        Execution = new Execution { Number = 1, Status = StreamStatus.Running },
        Errors = [],
    });

    [Fact]
    public void Timestamp_NeverFalls_AndHasWholeMilliseconds()
    {
        Assert.Equal(Noon, _stream.NextTimestamp(Noon.AddSeconds(-5)));
        Assert.Equal(Noon.AddMilliseconds(7), _stream.NextTimestamp(Noon.AddTicks(79_999)));
    }

    [Fact]
    public void Snapshot_HasTheLast20Errors_OfTheCurrentExecutionAlone()
    {
        Take(Enumerable.Range(0, 25).Select(i => Reports.Error($"E{i}")));
        Assert.Equal(
            Enumerable.Range(5, 20).Select(i => $"E{i}"), _stream.SnapshotAt(Noon).Errors.Select(error => error.Code));
        Assert.Equal(28, _stream.Version);

        Take(
        [
            Reports.Status(StreamStatus.Failed), Reports.Status(StreamStatus.Running), Reports.Error("Second"),
            Reports.Status(StreamStatus.Failed), Reports.Status(StreamStatus.Running), Reports.Error("Third"),
        ]);
        var error = Assert.Single(_stream.SnapshotAt(Noon).Errors);
        Assert.Equal(("Third", 34), (error.Code, error.Seq));
        Assert.Equal(3, _stream.SnapshotAt(Noon).Execution);
    }

    [Fact]
    public void Eldest_IsWhoHasHadARightTheLongest()
    {
        Assert.Equal("bob", _stream.EldestBut("alice"));
        var putBack = _stream.Set("bob", canView: false, canPublish: false);
        Assert.Equal("carol", _stream.EldestBut("alice"));
        putBack();
        Assert.Equal("bob", _stream.EldestBut("alice"));
        Assert.True(_stream.CanView("bob"));
        _stream.Set("bob", canView: false, canPublish: false);
        _stream.Set("bob", canView: true, canPublish: false);
        Assert.Equal("carol", _stream.EldestBut("alice"));
    }

    [Fact]
    public void UserWithOneRight_KeepsItsPlace_WhenGivenTheOther()
    {
        _stream.Set("bob", canView: true, canPublish: true);
        Assert.Equal("bob", _stream.EldestBut("alice"));
        _stream.Set("dave", canView: true, canPublish: false)();
        Assert.Null(_stream.InfoFor("dave"));
    }

    private void Take(IEnumerable<StreamReport> reports)
    {
        var draft = new ReportDraft(_stream.Execution, Noon);
        Assert.All(reports, report => Assert.Equal(StreamOutcome.Done, draft.Take(report)));
        _stream.Take(draft);
    }
}
