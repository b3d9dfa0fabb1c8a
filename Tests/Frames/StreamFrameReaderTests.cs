using System.Text;
using NewLoom.Gateway.Frames;
using NewLoom.Streams;

namespace NewLoom.Tests.Frames;

public sealed class StreamFrameReaderTests
{
    [Theory]
    [InlineData("pending", StreamStatus.Pending)]
    [InlineData("running", StreamStatus.Running)]
    [InlineData("paused", StreamStatus.Paused)]
    [InlineData("completed", StreamStatus.Completed)]
    [InlineData("failed", StreamStatus.Failed)]
    [InlineData("cancelled", StreamStatus.Cancelled)]
    public void Status_IsRead(string name, StreamStatus status) => Assert.Equal(
        new StatusReport { Status = status, Lease = TimeSpan.FromSeconds(30) },
        ReportOf($$"""{"type":"status_update","stream_id":7,"status":"{{name}}","lease_seconds":30}"""));

    [Theory]
    [InlineData("stalled")]
    [InlineData("lost")]
    [InlineData("RUNNING")]
    [InlineData("1")]
    [InlineData("")]
    public void Status_IsRefused_WhenNoPublisherMayReportIt(string name) => Assert.StartsWith(
        "status must be one of cancelled, completed, failed, paused, pending, running",
        ReadOne($$"""{"type":"status_update","stream_id":7,"status":"{{name}}"}""").Error!.Detail,
        StringComparison.Ordinal);

    [Fact]
    public void Stats_AreRead() => Assert.Equal(
        new StatsReport { ProcessedCount = 5, FailedCount = 2, TotalCount = 9, ExecutionTime = new TimeSpan(100, 5, 23) },
        ReportOf(
            """
            {"type":"execution_stats","stream_id":7,"more":1,"stats":
             {"processed_count":5,"failed_count":2,"total_count":9,"execution_time":"100:05:23"}}
            """));

    [Fact]
    public void Stats_AreRead_WithoutWhatMayBeLeftOut() => Assert.Equal(
        new StatsReport { FailedCount = 0 },
        ReportOf("""{"type":"execution_stats","stream_id":7,"stats":{"failed_count":0,"total_count":null}}"""));

    [Fact]
    public void Error_IsRead() => Assert.Equal(
        new ErrorReport { Message = "oops 😀", Code = "E" },
        ReportOf("""{"type":"error","stream_id":7,"error":{"message":"oops \ud83d\ude00","code":"E","timestamp":"x"}}"""));

    [Fact]
    public void Subscribe_IsRead() => Assert.Equal(
        [new StreamName(1), new StreamName(2)],
        Assert.IsType<SubscribeStreamsFrame>(
            ReadOne("""{"type":"subscribe","streams":[{"stream_id":1},{"stream_id":2}]}""").Frame).Streams);

    [Fact]
    public void Unsubscribe_IsRead() => Assert.Equal(
        [1L, 2L],
        Assert.IsType<UnsubscribeStreamsFrame>(ReadOne("""{"type":"unsubscribe","stream_ids":[1,2]}""").Frame).StreamIds);

    private static StreamReport ReportOf(string text)
    {
        var frame = Assert.IsAssignableFrom<ReportFrame>(ReadOne(text).Frame);
        Assert.Equal(7, frame.StreamId);
        return frame.Report;
    }

    private static FrameReading ReadOne(string text)
    {
        var readings = new List<FrameReading>();
        FrameReader.Read(Encoding.UTF8.GetBytes(text), FrameReader.StreamTypes, readings);
        return Assert.Single(readings);
    }
}
