using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NewLoom.Gateways;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>One user's open sockets, presence and message rate.</summary>
internal sealed partial class UserSocketsGrain : Grain, IUserSocketsGrain
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly OpenSockets _sockets = new();
    private readonly MessageRate _rate;
    private readonly UserLimits _limits;
    private readonly IChatStore _store;
    private readonly IGatewayPublisher _publisher;
    private readonly TimeProvider _time;
    private readonly ILogger<UserSocketsGrain> _logger;
    private IGrainTimer? _sweep;
    private IGrainTimer? _grace;
    private DateTimeOffset _lastSeen;
    private bool _isOnline;

    /// <summary>Begins with no sockets and a full rate.</summary>
    public UserSocketsGrain(
        IChatStore store,
        IGatewayPublisher publisher,
        IOptions<UserLimits> limits,
        TimeProvider time,
        ILogger<UserSocketsGrain> logger)
    {
        _store = store;
        _publisher = publisher;
        _limits = limits.Value;
        _time = time;
        _logger = logger;
        _rate = new MessageRate(_limits.MessagesPerSecond, _limits.MessagesBurst);
    }

    private string User => UserKeys.UserOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<bool> OpenAsync(string gatewayId, string connectionId, CancellationToken cancellationToken)
    {
        if (!_sockets.TryOpen(gatewayId, connectionId, _limits.OpenSockets, _time.GetUtcNow()))
        {
            return false;
        }

        _grace?.Dispose();
        _grace = null;

        // Nothing is stored, so the activation must outlive its idle time while a socket is open.
        _sweep ??= this.RegisterGrainTimer(
            SweepAsync, new GrainTimerCreationOptions(GatewayLease.Length, GatewayLease.Length) { KeepAlive = true });
        if (!_isOnline)
        {
            _isOnline = true;
            await TellPresenceAsync();
        }

        return true;
    }

    /// <inheritdoc/>
    public Task CloseAsync(string gatewayId, string connectionId, CancellationToken cancellationToken)
    {
        _sockets.Close(gatewayId, connectionId);
        BeginGraceWhenGone();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<MessageAllowance> TakeAsync(int count, TimeSpan emptyFor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MessageAllowance.ChunkCount);
        return Task.FromResult(_rate.Take(count, emptyFor));
    }

    /// <inheritdoc/>
    public Task ChatAddedAsync(long chatId, string name, long seq, CancellationToken cancellationToken) =>
        TellAllAsync(new ChatAdded { User = User, ChatId = chatId, Name = name, Seq = seq });

    /// <inheritdoc/>
    public Task ChatRemovedAsync(long chatId, CancellationToken cancellationToken) =>
        TellAllAsync(new ChatRemoved { User = User, ChatId = chatId });

    /// <inheritdoc/>
    public Task StreamAddedAsync(long streamId, CancellationToken cancellationToken) =>
        TellAllAsync(new StreamAdded { User = User, StreamId = streamId });

    /// <inheritdoc/>
    public Task CredentialEndedAsync(string? hash, CancellationToken cancellationToken) =>
        TellAllAsync(new CredentialEnded { User = User, Hash = hash });

    private Task SweepAsync(CancellationToken cancellationToken)
    {
        _sockets.ForgetMissing(_publisher.LiveGateways, _time.GetUtcNow(), GatewayLease.Length);
        BeginGraceWhenGone();
        return Task.CompletedTask;
    }

    private void BeginGraceWhenGone()
    {
        if (_sockets.Count > 0 || _sweep is null)
        {
            return;
        }

        _sweep.Dispose();
        _sweep = null;
        _lastSeen = _time.GetUtcNow().ToWholeMilliseconds();
        _grace = this.RegisterGrainTimer(
            GoOfflineAsync, new GrainTimerCreationOptions(Grace, Timeout.InfiniteTimeSpan) { KeepAlive = true });
    }

    private async Task GoOfflineAsync(CancellationToken cancellationToken)
    {
        _grace?.Dispose();
        _grace = null;
        if (_sockets.Count == 0 && _isOnline)
        {
            _isOnline = false;
            await TellPresenceAsync();
        }
    }

    private async Task TellPresenceAsync()
    {
        try
        {
            // Whoever opened or closed the socket may be gone; the others are told all the same.
            var chatIds = await _store.ListChatIdsAsync(User, _limits.Chats, CancellationToken.None);
            if (!chatIds.IsEmpty)
            {
                DateTimeOffset? lastSeen = _isOnline ? null : _lastSeen;
                await TellAllAsync(new PresenceChanged
                {
                    User = User,
                    IsOnline = _isOnline,
                    LastSeen = lastSeen,
                    ChatIds = chatIds,
                });
            }
        }
        catch (StorageUnavailableException e)
        {
            Log.PresenceNotTold(_logger, User, e);    // presence is never repaired: the next change is told again
        }
    }

    /// <summary>Tells every live gateway, beside those that are known to hold sockets: this activation may be too new
    /// to know them all, and its silo too new to know all gateways.</summary>
    private async Task TellAllAsync(UserEvent item)
    {
        await _publisher.Listed;
        await Task.WhenAll(_publisher.LiveGateways.Union(_sockets.Gateways)
            .Select(gatewayId => _publisher.PublishAsync(gatewayId, item)));
    }
}
