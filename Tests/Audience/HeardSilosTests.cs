using System.Net;
using Microsoft.Extensions.Time.Testing;
using NewLoom.Gateway.Audience;
using NewLoom.Gateways;
using Orleans.Runtime;

namespace NewLoom.Tests.Audience;

/// <summary>Which silos a gateway hears.</summary>
public sealed class HeardSilosTests
{
    private static readonly SiloAddress One = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);
    private static readonly SiloAddress Other = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 2), 1);

    private readonly FakeTimeProvider _time = new();
    private readonly HeardSilos _heard;

    public HeardSilosTests() => _heard = new HeardSilos(_time);

    [Fact]
    public void Silo_IsSilent_FiveSecondsAfterItsLastWord()
    {
        _heard.Expect([One, Other]);
        Pass(4);
        Hear(One);
        Hear(Other);
        Pass(4);
        Assert.Empty(_heard.TakeSilent());
        Hear(One);
        Pass(2);
        Assert.Equal([Other], _heard.TakeSilent());
        Hear(Other);
        Assert.Equal([Other], _heard.TakeSilent());    // it was, since the last look
        Assert.Empty(_heard.TakeSilent());
    }

    [Fact]
    public void Silo_IsSilent_ThatNeverSpoke()
    {
        _heard.Expect([One]);
        Pass(6);
        Assert.Equal([One], _heard.TakeSilent());
    }

    [Fact]
    public void Silo_IsNotMissed_AfterItHasGone()
    {
        _heard.Expect([One, Other]);
        Pass(4);
        _heard.Expect([One]);
        Hear(One);
        Hear(Other);    // what was on its way
        Pass(4);
        Hear(One);
        Pass(4);
        Assert.Empty(_heard.TakeSilent());
    }

    [Fact]
    public void Silo_KeepsItsTime_WhenItIsNamedAgain()
    {
        _heard.Expect([One]);
        Pass(3);
        _heard.Expect([One]);
        Pass(3);
        Assert.Equal([One], _heard.TakeSilent());
    }

    [Fact]
    public void Silence_IsSeen_ThoughItEndedBeforeTheNextLook()
    {
        _heard.Expect([One]);
        Pass(6);
        Hear(One);
        Assert.Equal([One], _heard.TakeSilent());
    }

    [Fact]
    public void Silo_IsNotMissed_AfterItHasTakenItsLeave_ThoughItIsStillNamed()
    {
        _heard.Expect([One]);
        _heard.Hear(new SiloAlive { Silo = One, IsLeaving = true });
        _heard.Expect([One]);
        Pass(6);
        Assert.Empty(_heard.TakeSilent());
    }

    private void Hear(SiloAddress silo) => _heard.Hear(new SiloAlive { Silo = silo });

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
