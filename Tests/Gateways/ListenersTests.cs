using System.Collections.Immutable;
using NewLoom.Gateways;
using NewLoom.Grains.Gateways;

namespace NewLoom.Tests.Gateways;

public sealed class ListenersTests
{
    private static readonly DateTimeOffset Start = new(2024, 2, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Start + TimeSpan.FromSeconds(11);

    private readonly Listeners _listeners = new(Start);
    private ImmutableHashSet<string> _live = ["g1", "g2"];

    [Fact]
    public void NewActivation_TellsEveryLiveGateway_UntilEachHasAnswered()
    {
        Assert.Equal(["g1", "g2"], Targets(Start));
        _listeners.Join("g1", Start);
        Assert.Equal(["g1", "g2"], Targets(Start));
        _listeners.Leave("g2");
        Assert.Equal(["g1"], Targets(Start));
    }

    [Fact]
    public void NewActivation_TellsGatewaysItHearsOfLate()
    {
        _listeners.Join("g1", Start);
        _listeners.Leave("g2");
        Assert.Equal(["g1"], Targets(Start));

        _live = _live.Add("g3");
        Assert.Equal(["g1", "g3"], Targets(Start));
    }

    [Fact]
    public void LearntActivation_TellsOnlyWhoJoined()
    {
        _listeners.Join("g1", Start);
        _listeners.Leave("g2");
        Targets(Later);

        _live = _live.Add("g3");
        Assert.Equal(["g1"], Targets(Later));
        _listeners.Join("g3", Later);
        Assert.Equal(["g1", "g3"], Targets(Later));
        _listeners.Leave("g1");
        Assert.Equal(["g3"], Targets(Later));
    }

    [Fact]
    public void Activation_LearnsOn_WhileAGatewayHasNotAnswered()
    {
        _listeners.Join("g1", Start);

        Assert.Equal(["g1", "g2"], Targets(Later));
        Assert.Equal(["g1", "g2"], Targets(Later + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void DeadGateway_IsForgotten_ButNotOneThatIsNewToThisSilo()
    {
        _listeners.Join("g1", Start);
        _listeners.Join("g2", Start);
        Targets(Later);

        _live = ["g1"];
        Assert.Equal(["g1", "g2"], Targets(Start + GatewayLease.Length));
        _live = ["g1"];
        Assert.Equal(["g1"], Targets(Start + GatewayLease.Length + TimeSpan.FromSeconds(1)));
    }

    private IEnumerable<string> Targets(DateTimeOffset now) => _listeners.Targets(_live, now).Order();
}
