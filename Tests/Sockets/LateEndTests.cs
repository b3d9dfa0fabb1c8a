using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NewLoom.Gateway;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Limits;
using NewLoom.Gateway.Sockets;
using NewLoom.Tests.Audience;
using NewLoom.Tests.Security;
using NewLoom.Tests.Support;
using NewLoom.Tests.Users;
using NewLoom.Users;

namespace NewLoom.Tests.Sockets;

/// <summary>A credential that ended after it was found good, and before the socket that it is for could be told:
/// nobody will tell it later.</summary>
[Collection<SharedUsers>]
public sealed class LateEndTests : IDisposable
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly string _user = $"u{Guid.NewGuid():N}";
    private readonly IGrainFactory _grains;
    private readonly SocketRegistry _registry = new();
    private readonly AddressLimits _addresses = new(Options.Create(new AddressLimitOptions()));
    private readonly WrittenEvents _written = new();
    private readonly CredentialWatch _watch;
    private readonly WireRecorder _wire;

    public LateEndTests(UsersCluster cluster)
    {
        _grains = cluster.Grains;
        _watch = new CredentialWatch(
            _registry, new EndedCredentials(TimeProvider.System),
            new CredentialChecks([new IssuedCredentialCheck(_grains)]), TimeProvider.System,
            NullLogger<CredentialWatch>.Instance);
        _wire = new WireRecorder(_user, isExtended: true);
        _wire.Socket.Session = new FakeSession(_wire.Socket);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _addresses.Dispose();
        _written.Dispose();
    }

    [Theory]
    [InlineData("ended", true)]
    [InlineData("other", false)]
    public async Task Socket_Ends_WhenItsCredentialEndedWhileItWasLetIn(string hash, bool isEnded)
    {
        var admission = new SocketAdmission(
            _grains, new GatewayIdentity(), _registry, _watch, _written.Events, NullLogger<SocketAdmission>.Instance);
        var before = TimeProvider.System.GetTimestamp();
        EndOne();

        var (_, refusal) = await admission.EnterAsync(_wire.Socket, IdentityOf(hash), before, _ct);

        Assert.Null(refusal);
        await AssertEndsAsync(isEnded);
        await admission.LeaveAsync(_wire.Socket);
    }

    [Theory]
    [InlineData("ended", true)]
    [InlineData("other", false)]
    public async Task Socket_Ends_WhenTheFreshTokenEndedWhileItAuthenticatedAnew(string hash, bool isEnded)
    {
        var tokens = new TokenAuthenticator([new FakeVerifier(IdentityOf(hash), EndOne)]);
        var authentication = new FrameAuthentication(
            tokens, _addresses, _written.Events, _watch, _written.Metrics, TimeProvider.System);
        _wire.Socket.Identity = IdentityOf("old");
        _registry.Add(_wire.Socket);

        Assert.Null(await authentication.RenewAsync(_wire.Socket, new AuthenticateFrame("fresh")));

        await AssertEndsAsync(isEnded);
    }

    private void EndOne() => _watch.End(new CredentialEnded { User = _user, Hash = "ended" });

    private Identity IdentityOf(string hash) =>
        new(_user, ExpiresAt: null, TokenScopes.Usual) { Handle = CredentialHandle.OfIssued(hash) };

    private async Task AssertEndsAsync(bool isEnded)
    {
        Assert.Equal(isEnded, _wire.Socket.IsClosing);
        if (isEnded)
        {
            await _wire.First.WaitAsync(TimeSpan.FromSeconds(10), _ct);
            Assert.Equal("Authentication expired", Assert.Single(_wire.Frames).Get<string>("message"));
        }
    }

    /// <summary>Finds every token good, and lets something happen then.</summary>
    private sealed class FakeVerifier(Identity identity, Action then) : ITokenVerifier
    {
        public Task<Identity?> VerifyAsync(string token, CancellationToken cancellationToken)
        {
            then();
            return Task.FromResult<Identity?>(identity);
        }
    }

    /// <summary>A socket for nothing at all.</summary>
    private sealed class FakeSession(ClientSocket socket) : ISocketSession, ISocketKind
    {
        public ISocketKind Kind => this;

        public string ScopeParameter => "none";

        public FrozenDictionary<string, JsonTypeInfo> FrameTypes => throw new NotSupportedException();

        public bool Admits(Identity identity) => true;

        public ISocketSession NewSession(ClientSocket socket) => throw new NotSupportedException();

        public Task<WelcomeNotice> OpenAsync(CancellationToken cancellationToken) =>
            Task.FromResult(WelcomeNotice.For(socket, []));

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask<ErrorNotice?> ActAsync(ClientFrame frame) => throw new NotSupportedException();

        public Task FollowAsync(UserEvent added, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RelistAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Narrow()
        {
        }

        public void Forget()
        {
        }

        public Task EndAsync() => Task.CompletedTask;
    }
}
