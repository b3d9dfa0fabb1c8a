using NewLoom.Grains.Users;

namespace NewLoom.Tests.Users;

public sealed class OpenSocketsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly OpenSockets _sockets = new();

    [Fact]
    public void Sockets_AreCountedOverAllGateways_UpToTheLimit()
    {
        Assert.True(_sockets.TryOpen("g1", "a", limit: 2, Start));
        Assert.True(_sockets.TryOpen("g2", "b", limit: 2, Start));
        Assert.False(_sockets.TryOpen("g2", "c", limit: 2, Start));
        Assert.False(_sockets.TryOpen("g3", "d", limit: 2, Start));
        Assert.True(_sockets.TryOpen("g1", "a", limit: 2, Start));    // a repeat
        Assert.Equal(["g1", "g2"], _sockets.Gateways.Order());

        _sockets.Close("g1", "a");
        Assert.True(_sockets.TryOpen("g3", "d", limit: 2, Start));
        Assert.Equal(["g2", "g3"], _sockets.Gateways.Order());
    }

    [Fact]
    public void Gateway_IsForgotten_WhenMissingForLongerThanPatience()
    {
        _sockets.TryOpen("g1", "a", limit: 9, Start);
        _sockets.TryOpen("g2", "b", limit: 9, Start);
        _sockets.ForgetMissing(["g1"], Start, Patience);
        _sockets.ForgetMissing(["g1"], Start + Patience, Patience);
        Assert.Equal(2, _sockets.Count);
        _sockets.ForgetMissing(["g1"], Start + Patience + TimeSpan.FromTicks(1), Patience);
        Assert.Equal(["g1"], _sockets.Gateways);
    }

    [Fact]
    public void Gateway_IsKept_WhenItCameBackInBetween()
    {
        _sockets.TryOpen("g1", "a", limit: 9, Start);
        _sockets.ForgetMissing([], Start, Patience);
        _sockets.ForgetMissing(["g1"], Start + Patience, Patience);
        _sockets.ForgetMissing([], Start + (2 * Patience), Patience);
        Assert.Equal(1, _sockets.Count);
    }

    [Fact]
    public void Closing_IsHarmless_WhenThereIsNoSuchSocket()
    {
        _sockets.Close("g1", "a");
        _sockets.TryOpen("g1", "a", limit: 9, Start);
        _sockets.Close("g1", "b");
        Assert.Equal(1, _sockets.Count);
    }

    [Fact]
    public void Socket_IsForgotten_WhenItsGatewayNamesItNoMore()
    {
        _sockets.TryOpen("g1", "a", limit: 9, Start);
        _sockets.TryOpen("g1", "b", limit: 9, Start);
        _sockets.TryOpen("g1", "b", limit: 9, Start + OpenSockets.NamedWithin);

        _sockets.ForgetMissing(["g1"], Start + OpenSockets.NamedWithin + TimeSpan.FromTicks(1), Patience);

        Assert.Equal(1, _sockets.Count);
        Assert.Equal(["g1"], _sockets.Gateways);
    }
}
