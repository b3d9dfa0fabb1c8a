using NewLoom.Grains.Users;

namespace NewLoom.Tests.Users;

public sealed class OpenSocketsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly OpenSockets _sockets = new();

    [Fact]
    public void Sockets_AreCountedOverAllGateways_UpToTheLimit()
    {
        Assert.True(_sockets.TryOpen("g1", "a", limit: 2));
        Assert.True(_sockets.TryOpen("g2", "b", limit: 2));
        Assert.False(_sockets.TryOpen("g2", "c", limit: 2));
        Assert.False(_sockets.TryOpen("g3", "d", limit: 2));
        Assert.True(_sockets.TryOpen("g1", "a", limit: 2));    // a repeat
        Assert.Equal(["g1", "g2"], _sockets.Gateways.Order());

        _sockets.Close("g1", "a");
        Assert.True(_sockets.TryOpen("g3", "d", limit: 2));
        Assert.Equal(["g2", "g3"], _sockets.Gateways.Order());
    }

    [Fact]
    public void Gateway_IsForgotten_WhenMissingForLongerThanPatience()
    {
        _sockets.TryOpen("g1", "a", limit: 9);
        _sockets.TryOpen("g2", "b", limit: 9);
        var start = DateTimeOffset.UnixEpoch;
        _sockets.ForgetMissing(["g1"], start, Patience);
        _sockets.ForgetMissing(["g1"], start + Patience, Patience);
        Assert.Equal(2, _sockets.Count);
        _sockets.ForgetMissing(["g1"], start + Patience + TimeSpan.FromTicks(1), Patience);
        Assert.Equal(["g1"], _sockets.Gateways);
    }

    [Fact]
    public void Gateway_IsKept_WhenItCameBackInBetween()
    {
        _sockets.TryOpen("g1", "a", limit: 9);
        var start = DateTimeOffset.UnixEpoch;
        _sockets.ForgetMissing([], start, Patience);
        _sockets.ForgetMissing(["g1"], start + Patience, Patience);
        _sockets.ForgetMissing([], start + (2 * Patience), Patience);
        Assert.Equal(1, _sockets.Count);
    }

    [Fact]
    public void Closing_IsHarmless_WhenThereIsNoSuchSocket()
    {
        _sockets.Close("g1", "a");
        _sockets.TryOpen("g1", "a", limit: 9);
        _sockets.Close("g1", "b");
        Assert.Equal(1, _sockets.Count);
    }
}
