using System.Threading.Channels;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Sockets;
using NewLoom.Tests.Audience;
using NewLoom.Tests.Support;
using NewLoom.Users;

namespace NewLoom.Tests.Sockets;

public sealed class CredentialWatchTests : IAsyncLifetime
{
    private const string Expired =
        """{"type":"error","code":"connection_error","message":"Authentication expired"}""";

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly ArmedTime _time = new();
    private readonly SocketRegistry _registry = new();
    private readonly FakeCheck _check = new();
    private readonly LineLogger<CredentialWatch> _log = new();
    private readonly CredentialWatch _watch;

    public CredentialWatchTests() => _watch = new CredentialWatch(
        _registry, new EndedCredentials(_time), new CredentialChecks([_check]), _time,
        _log);

    public async ValueTask InitializeAsync()
    {
        await _watch.StartAsync(_ct);
        await _time.WaitForTimersAsync(2, _ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
    }

    [Fact]
    public async Task Socket_Ends_WhenItsTimeIsOver()
    {
        var (early, late) = (Open("alice", "a", endsIn: 5), Open("alice", "b", endsIn: 6));

        _time.Advance(TimeSpan.FromSeconds(5));

        await ExpectExpiredAsync(early);
        Assert.False(late.Socket.IsClosing);
    }

    [Fact]
    public async Task Credential_IsAskedAboutOnceForAllItsSockets_AndEndsThem()
    {
        var (one, two, other) = (Open("alice", "a"), Open("alice", "a"), Open("bob", "b"));
        _check.Ended = "a";

        _time.Advance(FakeCheck.Often);

        Assert.Equal(["a", "b"], (await _check.AskedAsync(2, _ct)).Order());
        await ExpectExpiredAsync(one);
        await ExpectExpiredAsync(two);
        Assert.False(other.Socket.IsClosing);
        Assert.Equal(0, _check.WaitingCount);
    }

    [Fact]
    public async Task Socket_StaysOpen_WhenItsCredentialCannotBeAskedAbout_AndIsAskedAgain()
    {
        var socket = Open("alice", "a");
        _check.Fault = new StorageUnavailableException("away");
        _time.Advance(FakeCheck.Often);
        Assert.Contains("could not be asked about", await _log.NextAsync(_ct), StringComparison.Ordinal);
        Assert.False(socket.Socket.IsClosing);

        (_check.Fault, _check.Ended) = (null, "a");
        _time.Advance(TimeSpan.FromSeconds(5));    // sooner than usual
        await ExpectExpiredAsync(socket);
    }

    [Fact]
    public async Task Socket_GoesOn_WhenItsCredentialWasProlonged_AndEndsWithIt()
    {
        _check.CanBeProlonged = true;
        _check.ExpiresAt = _time.GetUtcNow() + TimeSpan.FromSeconds(8);
        var (socket, plain) = (Open("alice", "a", endsIn: 5), Open("bob", hash: null, endsIn: 6));

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["a"], await _check.AskedAsync(1, _ct));
        _time.Advance(TimeSpan.FromSeconds(1));
        await ExpectExpiredAsync(plain);    // the look that asked is over
        _check.Ended = "a";
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["a"], await _check.AskedAsync(1, _ct));    // a closed one would not be asked about
        Assert.Equal(_check.ExpiresAt, socket.Socket.Identity.ExpiresAt);
        await ExpectExpiredAsync(socket);
    }

    [Fact]
    public async Task Socket_Ends_WhenItsTimeIsOverAndNobodyKnowsWhetherItWasProlonged()
    {
        (_check.CanBeProlonged, _check.Fault) = (true, new StorageUnavailableException("away"));
        var (over, other) = (Open("alice", "a", endsIn: 5), Open("bob", "b", endsIn: 60));

        _time.Advance(TimeSpan.FromSeconds(5));

        await ExpectExpiredAsync(over);
        Assert.False(other.Socket.IsClosing);
    }

    [Fact]
    public async Task AllCredentials_AreAskedAboutAtOnce_WhenEventsWereLost()
    {
        Open("alice", "a");
        _watch.AskAll();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a"], await _check.AskedAsync(1, _ct));
    }

    [Fact]
    public async Task Event_EndsTheSocketsThatRestOnIt()
    {
        var (ended, other, stranger) = (Open("alice", "a"), Open("alice", "b"), Open("bob", "a"));

        _watch.End(new CredentialEnded { User = "alice", Hash = "a" });

        await ExpectExpiredAsync(ended);
        Assert.False(other.Socket.IsClosing || stranger.Socket.IsClosing);
        _watch.End(new CredentialEnded { User = "alice", Hash = null });
        await ExpectExpiredAsync(other);
        Assert.False(stranger.Socket.IsClosing);
    }

    [Fact]
    public async Task Socket_Ends_WhenItsCredentialEndedBeforeItWasEntered()
    {
        var since = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _watch.End(new CredentialEnded { User = "alice", Hash = "a" });
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var (late, other) = (Open("alice", "a"), Open("alice", "b"));

        _watch.Look(late.Socket, since);
        _watch.Look(other.Socket, since);

        await ExpectExpiredAsync(late);
        Assert.False(other.Socket.IsClosing);
        _time.Advance(TimeSpan.FromMinutes(1.1));
        var muchLater = Open("alice", "a");
        _watch.Look(muchLater.Socket, since);
        Assert.False(muchLater.Socket.IsClosing);    // by now its credential has been refused
    }

    [Fact]
    public async Task Socket_StaysOpen_WhenItsUserWasCreatedAnew()
    {
        var before = Open("alice", "a");
        _watch.End(new CredentialEnded { User = "alice", Hash = null });
        await ExpectExpiredAsync(before);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(Open("alice", "b").Socket.IsClosing);
    }

    private WireRecorder Open(string user, string? hash, double? endsIn = null)
    {
        var wire = new WireRecorder(user, time: _time);
        wire.Socket.Identity = new Identity(
            user, endsIn is { } seconds ? _time.GetUtcNow() + TimeSpan.FromSeconds(seconds) : null, [])
        {
            Handle = hash is null ? null : CredentialHandle.OfIssued(hash),
        };
        _registry.Add(wire.Socket);
        _watch.Look(wire.Socket, _time.GetTimestamp());
        return wire;
    }

    private async Task ExpectExpiredAsync(WireRecorder wire)
    {
        await wire.First.WaitAsync(TimeSpan.FromSeconds(10), _ct);
        Golden.Equal(Expired, Assert.Single(wire.Frames));
        Assert.True(wire.Socket.IsClosing);
    }

    private sealed class FakeCheck : ICredentialCheck
    {
        public static readonly TimeSpan Often = TimeSpan.FromSeconds(10);

        private readonly Channel<string> _asked = Channel.CreateBounded<string>(100);

        public string Kind => CredentialHandle.IssuedKind;

        public TimeSpan Interval => Often;

        public string? Ended { get; set; }

        public Exception? Fault { get; set; }

        public int WaitingCount => _asked.Reader.Count;

        public bool CanBeProlonged { get; set; }

        public DateTimeOffset? ExpiresAt { get; set; }

        public async Task<Standing?> FindAsync(string value, CancellationToken cancellationToken)
        {
            var (fault, standing) = (Fault, value == Ended ? default(Standing?) : new Standing(ExpiresAt));
            await _asked.Writer.WriteAsync(value, cancellationToken);
            return fault is null ? standing : throw fault;
        }

        public async Task<List<string>> AskedAsync(int count, CancellationToken cancellationToken)
        {
            var asked = new List<string>();
            while (asked.Count < count)
            {
                asked.Add(await _asked.Reader.ReadAsync(cancellationToken).AsTask()
                    .WaitAsync(TimeSpan.FromSeconds(10), cancellationToken));
            }

            return asked;
        }
    }
}
