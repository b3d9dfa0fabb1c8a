using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NewLoom.Gateway.Cluster;

namespace NewLoom.Tests.Cluster;

public sealed class ClusterConnectionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ClusterConnection _connection;
    private int _changeCount;

    public ClusterConnectionTests()
    {
        _connection = new(_time, NullLogger<ClusterConnection>.Instance);
        _connection.Changed += () => _changeCount++;
    }

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void Connection_IsUp_FromItsFirstSiloToTheLossOfItsLast()
    {
        Assert.False(_connection.IsUp);
        _connection.NotifyGatewayCountChanged(1, 0, connectionRecovered: false);
        Assert.True(_connection.IsUp);
        _connection.NotifyClusterConnectionLost();
        Assert.False(_connection.IsUp);
    }

    [Fact]
    public void Answer_ShowsThatTheClusterIsReached_WhenTheLossIsToldLast()
    {
        _connection.NotifyGatewayCountChanged(1, 0, connectionRecovered: true);
        _connection.NotifyClusterConnectionLost();
        _connection.NoteAnswer();
        Assert.True(_connection.IsUp);
    }

    [Fact]
    public void Calls_AreGivenUpAtOnce_WhenNoSiloIsLeft_AndOnlyThose()
    {
        _connection.NotifyGatewayCountChanged(1, 0, connectionRecovered: false);
        var before = _connection.Broken;
        _connection.NotifyClusterConnectionLost();
        Assert.True(before.IsCancellationRequested);
        Assert.False(_connection.Broken.IsCancellationRequested);
    }

    [Fact]
    public void Calls_AreGivenUpAfterTwoSeconds_WhenOneSiloOfSeveralIsLost()
    {
        _connection.NotifyGatewayCountChanged(2, 0, connectionRecovered: false);
        var before = _connection.Broken;
        _connection.NotifyGatewayCountChanged(1, 2, connectionRecovered: false);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(before.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(before.IsCancellationRequested);
        Assert.True(_connection.IsUp);
    }

    [Fact]
    public void Change_IsTold_WheneverGrainsMayHaveForgottenTheGateway()
    {
        _connection.NotifyGatewayCountChanged(1, 0, connectionRecovered: false);
        Assert.Equal(1, _changeCount);
        _connection.NotifyGatewayCountChanged(2, 1, connectionRecovered: false);
        Assert.Equal(2, _changeCount);
        _connection.NoteSiloGone();
        Assert.Equal(3, _changeCount);
    }
}
