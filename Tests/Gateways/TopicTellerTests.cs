using NewLoom.Grains.Gateways;

namespace NewLoom.Tests.Gateways;

/// <summary>Which gateways a topic takes for listeners.</summary>
public sealed class TopicTellerTests
{
    private readonly TopicTeller _teller = new(1, lastSeq: 0, new ToldGateway(), TimeProvider.System);

    [Fact]
    public void Gateway_Listens_WhenOneOfItsUsersMayReceiveTheTopic()
    {
        var answer = _teller.Rejoin("g1", ["alice", "eve"], user => user == "alice");

        Assert.Equal(["eve"], answer.Strangers);
        Assert.True(_teller.Listeners.HasAny);
    }

    [Fact]
    public void Gateway_DoesNotListen_WhenNoneOfItsUsersMay()
    {
        Assert.Equal(["eve"], _teller.Rejoin("g1", ["eve"], _ => false).Strangers);
        Assert.False(_teller.Listeners.HasAny);
    }

    [Fact]
    public void Gateway_Listens_WhenItNamesNoUser()
    {
        Assert.Empty(_teller.Rejoin("g1", [], _ => false).Strangers);
        Assert.True(_teller.Listeners.HasAny);
    }
}
