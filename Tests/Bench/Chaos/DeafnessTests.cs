using Microsoft.Extensions.Time.Testing;
using NewLoom.Bench.Chaos;

namespace NewLoom.Tests.Bench.Chaos;

/// <summary>What counts as deafness of a socket in a chaos run.</summary>
public sealed class DeafnessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private readonly FakeTimeProvider _time = new();
    private readonly Outages _outages;
    private readonly Topic _chat;
    private readonly TopicView _view;

    public DeafnessTests()
    {
        _outages = new Outages(_time);
        _chat = new Topic("chat", 1, _time);
        _view = new TopicView("a reader", _chat, _outages, _time);
    }

    [Fact]
    public void Socket_IsDeaf_WhenWhatWasConfirmedDoesNotCome()
    {
        _view.Listen();
        _chat.Confirm(1);
        Pass(16);

        Assert.Equal(TimeSpan.FromSeconds(16), _view.Check(Limit));
        Assert.Null(_view.Check(Limit));    // it is said once
        Assert.Equal(TimeSpan.FromSeconds(16), _view.LongestDeafness);
    }

    [Fact]
    public void Socket_IsNotDeaf_WhenItHasEnded()
    {
        _view.Listen();
        _chat.Confirm(1);
        _view.StopListening();
        Pass(16);

        Assert.Null(_view.Check(Limit));
    }

    [Fact]
    public void Deafness_CountsFromTheSubscription_WhenThatCameLater()
    {
        _chat.Confirm(1);
        Pass(60);
        _view.Listen();
        Pass(2);
        _view.Take(1);

        Assert.Equal(TimeSpan.FromSeconds(2), _view.LongestDeafness);
    }

    [Fact]
    public void Deafness_CountsFromTheOutagesEnd_WhenOneLayBetween()
    {
        _view.Listen();
        _chat.Confirm(1);
        Pass(1);
        _outages.Begin();
        Pass(60);
        Assert.Null(_view.Check(Limit));
        _outages.End();
        Pass(3);
        _view.Take(1);

        Assert.InRange(_view.LongestDeafness, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Deafness_CountsFromTheConfirmation_WhenAnOutageWasOverBefore()
    {
        _outages.Begin();
        Pass(5);
        _outages.End();
        _view.Listen();
        Pass(1);
        _chat.Confirm(1);
        Pass(4);
        _view.Take(1);

        Assert.Equal(TimeSpan.FromSeconds(4), _view.LongestDeafness);
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
