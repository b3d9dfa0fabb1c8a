using System.Net;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Security;
using NewLoom.Gateway.Sockets;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Security;

/// <summary>What a socket is refused is said, with its user; what it is given is not.</summary>
public sealed class SocketRefusalTests : IDisposable
{
    private readonly WrittenEvents _written = new();
    private readonly SocketRegistry _registry;
    private readonly ClientSocket _socket;

    public SocketRefusalTests()
    {
        _registry = new SocketRegistry(_written.Events, _written.Metrics);
        _socket = NewSocket();
        _registry.Add(_socket);
    }

    public void Dispose() => _written.Dispose();

    [Fact]
    public void Errors_AreSaid_WhereTheyAreRefusals()
    {
        _socket.Send(new HeartbeatReply(DateTimeOffset.UnixEpoch));
        _socket.Send(Errors.InvalidFormat("no"));
        _socket.Send(Errors.Unavailable(TimeSpan.FromSeconds(1)));
        Assert.Empty(_written.Take());

        _socket.Refuse(Errors.NotAuthorizedForChat(7));
        _socket.Send(Errors.RateLimited(TimeSpan.FromSeconds(1)));
        Assert.Equal<(string, string?, string?)>(
            [("permission_denied", "alice", "192.0.2.1"), ("rate_limited", "alice", "192.0.2.1")],
            _written.Take().Select(line => (line.Reason, line.User, line.Address)));
    }

    [Fact]
    public void Closes_AreSaidOnce_WhereTheyAreRefusals()
    {
        for (var i = 0; i < 60; i++)
        {
            _socket.Refuse(Errors.InvalidFormat("no"));
        }

        Assert.True(_socket.IsClosing);
        Assert.Equal(["refused_frames"], Reasons());

        var slow = NewSocket();
        slow.Events = _written.Events;
        while (!slow.IsClosing)
        {
            slow.Send(Errors.InvalidFormat(new string('x', 60_000)));    // nobody reads
        }

        Assert.Equal(["slow_reader"], Reasons());

        var (large, leaving) = (NewSocket(), NewSocket());
        (large.Events, leaving.Events) = (_written.Events, _written.Events);
        Assert.True(large.Close(CloseCode.TooLarge));
        Assert.False(large.Close(CloseCode.TooLarge));
        leaving.Close(CloseCode.Normal);
        Assert.Equal(["frame_too_large"], Reasons());

        IEnumerable<string> Reasons() => _written.Take().Select(line => line.Reason);
    }

    [Fact]
    public void OpenSockets_AreCounted()
    {
        using var counted = new CountedMetrics(_written.Meters);
        var (one, never) = (NewSocket(), NewSocket());
        _registry.Add(one);
        Assert.Equal(1, counted["newloom.sockets.open"]);
        _registry.Remove(one);
        _registry.Remove(one);
        _registry.Remove(never);
        Assert.Equal(0, counted["newloom.sockets.open"]);
    }

    private static ClientSocket NewSocket() =>
        new(isExtended: false, TopicScope.All, new SocketLimitOptions(), TimeProvider.System)
        {
            Identity = new Identity("alice", ExpiresAt: null, Scopes: []),
            Address = IPAddress.Parse("192.0.2.1"),
        };
}
