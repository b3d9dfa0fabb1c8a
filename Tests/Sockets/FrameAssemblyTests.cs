using NewLoom.Gateway.Sockets;

namespace NewLoom.Tests.Sockets;

public sealed class FrameAssemblyTests
{
    private readonly FrameAssembly _frame = new();

    [Fact]
    public void Buffer_IsNoLargerThanTwiceWhatArrived()
    {
        Assert.Equal(0, _frame.RentedBytes);
        while (_frame.Bytes.Length < FrameAssembly.FrameBytesMax)
        {
            var space = _frame.Space().Length;
            Assert.InRange(_frame.RentedBytes, 1, Math.Max(1_024, _frame.Bytes.Length * 2));
            Assert.True(_frame.TryAdd(Math.Min(space, 100)));
        }

        Assert.Equal(1, _frame.Space().Length);
        Assert.Equal(FrameAssembly.FrameBytesMax, _frame.RentedBytes);
    }

    [Fact]
    public void Frame_KeepsItsBytes_WhileTheBufferGrows()
    {
        var random = new Random(1);
        var expected = new byte[FrameAssembly.FrameBytesMax];
        random.NextBytes(expected);
        for (var count = 0; count < expected.Length;)
        {
            var space = _frame.Space();
            var piece = Math.Min(space.Length, random.Next(1, 500));
            expected.AsMemory(count, piece).CopyTo(space);
            Assert.True(_frame.TryAdd(piece));
            count += piece;
        }

        Assert.Equal(expected, _frame.Bytes.ToArray());
    }

    [Fact]
    public void Frame_IsRefused_WhenItIsOneByteTooLarge()
    {
        while (_frame.Bytes.Length < FrameAssembly.FrameBytesMax)
        {
            Assert.True(_frame.TryAdd(_frame.Space().Length));
        }

        Assert.True(_frame.TryAdd(0));
        Assert.False(_frame.TryAdd(_frame.Space().Length));
    }

    [Fact]
    public void Frame_IsRefused_WhenItHasTooManyPieces_EvenEmptyOnes()
    {
        for (var i = 0; i < FrameAssembly.PiecesMax; i++)
        {
            Assert.True(_frame.TryAdd(0));
        }

        Assert.False(_frame.TryAdd(0));
        _frame.Reset();
        Assert.True(_frame.TryAdd(0));
        Assert.Equal(0, _frame.RentedBytes);
    }
}
