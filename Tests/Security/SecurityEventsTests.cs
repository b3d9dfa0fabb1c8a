using System.Net;
using NewLoom.Gateway.Security;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Security;

public sealed class SecurityEventsTests : IDisposable
{
    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");

    private readonly WrittenEvents _written = new();

    private SecurityEvents Events => _written.Events;

    public void Dispose() => _written.Dispose();

    [Fact]
    public void EveryKind_HasAnEventOfItsOwn_AndAReason()
    {
        using var counted = new CountedMetrics(_written.Meters);
        foreach (var kind in Enum.GetValues<RefusalKind>())
        {
            Events.Refused(kind, "alice", Home);
        }

        var lines = _written.Take();
        Assert.Equal(Enumerable.Range(1101, 12), lines.Select(line => line.Id));
        Assert.Equal(
            [
                "authentication_failed", "authentication_timeout", "authentication_throttled", "authentication_expired",
                "unauthenticated_sockets", "foreign_origin", "permission_denied", "rate_limited", "open_sockets",
                "refused_frames", "frame_too_large", "slow_reader",
            ],
            lines.Select(line => line.Reason));
        Assert.All(lines, line =>
        {
            Assert.Equal((line.Reason, "alice", "192.0.2.1", 1L), (line.Name, line.User, line.Address, line.Count));
            Assert.EndsWith(
                $": user alice, address 192.0.2.1, 1 times ({line.Reason})", line.Text, StringComparison.Ordinal);
            Assert.Equal(1, counted[$"newloom.security.refusals newloom.refusal.reason={line.Reason}"]);
        });
        Assert.Equal(12, counted.Sums.Count);
    }

    [Fact]
    public void Repeats_AreWrittenOnceInAWindow_WithTheirCount_AndAllAreCounted()
    {
        using var counted = new CountedMetrics(_written.Meters);
        Refuse(1_000);
        Assert.Equal([1], Counts());

        _written.Time.Advance(SecurityEvents.Window);
        Refuse(5);
        Assert.Empty(Counts());
        _written.Time.Advance(SecurityEvents.Window);
        Assert.Equal([1_004], Counts());
        Refuse(7);
        _written.Time.Advance(SecurityEvents.Window);
        Assert.Equal([7], Counts());

        _written.Time.Advance(SecurityEvents.Window);
        Assert.Empty(Counts());    // quiet, and forgotten
        Refuse(1);
        Assert.Equal([1], Counts());
        Assert.Equal(1_013, counted["newloom.security.refusals newloom.refusal.reason=rate_limited"]);

        void Refuse(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Events.Refused(RefusalKind.RateLimited, "alice", Home);
            }
        }

        IEnumerable<long> Counts() => _written.Take().Select(line => line.Count);
    }

    [Fact]
    public void UsersAddressesAndKinds_AreWrittenAbout_EachForItself()
    {
        Events.Refused(RefusalKind.RateLimited, "alice", Home);
        Events.Refused(RefusalKind.RateLimited, "alice", IPAddress.Loopback);    // the same user
        Events.Refused(RefusalKind.RateLimited, "bob", Home);
        Events.Refused(RefusalKind.PermissionDenied, "alice", Home);
        Events.Refused(RefusalKind.AuthenticationFailed, null, Home);
        Events.Refused(RefusalKind.AuthenticationFailed, "", Home);    // the same address
        Events.Refused(RefusalKind.AuthenticationFailed, null, IPAddress.Loopback);
        Events.Refused(RefusalKind.AuthenticationFailed, null, null);

        Assert.Equal<(string, string?, string?)>(
            [
                ("rate_limited", "alice", "192.0.2.1"), ("rate_limited", "bob", "192.0.2.1"),
                ("permission_denied", "alice", "192.0.2.1"), ("authentication_failed", null, "192.0.2.1"),
                ("authentication_failed", null, "127.0.0.1"), ("authentication_failed", null, null),
            ],
            _written.Take().Select(line => (line.Reason, line.User, line.Address)));
    }

    [Fact]
    public void Flood_OfManyAddresses_HasAFewLines()
    {
        const int Count = 100_000;
        using var counted = new CountedMetrics(_written.Meters);
        for (var i = 0; i < Count; i++)
        {
            Events.Refused(RefusalKind.AuthenticationFailed, null, new IPAddress(i + 1));
        }

        Assert.Equal(SecurityEvents.SubjectCountMax, _written.Take().Count);
        _written.Time.Advance(SecurityEvents.Window);
        _written.Time.Advance(SecurityEvents.Window);
        var rest = Assert.Single(_written.Take());
        Assert.Equal(
            (null, null, (long)(Count - SecurityEvents.SubjectCountMax)), (rest.User, rest.Address, rest.Count));
        Assert.Equal(Count, counted["newloom.security.refusals newloom.refusal.reason=authentication_failed"]);

        Events.Refused(RefusalKind.AuthenticationFailed, null, Home);
        Assert.Equal("192.0.2.1", Assert.Single(_written.Take()).Address);
    }
}
