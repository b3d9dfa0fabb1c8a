using NewLoom.Bench.Streams;

namespace NewLoom.Tests.Bench.Streams;

public sealed class StreamLayoutTests
{
    [Theory]
    [InlineData(1, 200)]
    [InlineData(10_000, 1)]
    [InlineData(150, 3)]
    [InlineData(2, 1)]
    public void EachViewer_IsASocketOfItsOwn_AndFoundBack(int streams, int viewers)
    {
        var layout = new StreamLayout(streams, viewers, Publishers: 1);
        for (var stream = 0; stream < streams; stream++)
        {
            int[] sockets = [.. Enumerable.Range(0, viewers).Select(viewer => layout.SocketOf(stream, viewer))];
            Assert.Distinct(sockets);
            Assert.All(sockets, socket => Assert.InRange(socket, 0, layout.ViewerSockets - 1));
            Assert.Equal(
                Enumerable.Range(0, viewers), sockets.Select(socket => layout.ViewerOf(stream, socket)!.Value));
            var strangers = Enumerable.Range(0, layout.ViewerSockets).Except(sockets);
            Assert.All(strangers, socket => Assert.Null(layout.ViewerOf(stream, socket)));
        }
    }

    [Fact]
    public void Publishers_TakeTheStreamsInTurn() => Assert.Equal(
        [0, 1, 2, 0, 1],
        Enumerable.Range(0, 5).Select(new StreamLayout(Streams: 5, Viewers: 1, Publishers: 3).PublisherOf));
}
