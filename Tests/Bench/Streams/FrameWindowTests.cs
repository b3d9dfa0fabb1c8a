using NewLoom.Bench.Streams;
using NewLoom.Bench.Timing;

namespace NewLoom.Tests.Bench.Streams;

public sealed class FrameWindowTests
{
    private FrameWindow _window;

    [Fact]
    public void TenFrames_AreAllowed_InAnySecond()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.True(_window.TryAdd(i * MonotonicClock.Second / FrameWindow.FramesMax));
        }
    }

    [Fact]
    public void EleventhFrame_IsNoticed_WhereverTheSecondBegins()
    {
        const long Begin = MonotonicClock.Second / 2;
        for (var i = 0; i < FrameWindow.FramesMax; i++)
        {
            Assert.True(_window.TryAdd(Begin + i));
        }

        Assert.False(_window.TryAdd(Begin + MonotonicClock.Second - 1));
    }
}
