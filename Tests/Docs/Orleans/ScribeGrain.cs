using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Gateways;
using Orleans.Streams;

namespace NewLoom.Tests.Docs.Orleans;

[Alias("example.scribe")]
public interface IScribeGrain : IGrainWithIntegerKey
{
    /// <summary>Begins to listen, as a member of the chat.</summary>
    [Alias("listen")]
    Task ListenAsync(string user, CancellationToken cancellationToken = default);

    [Alias("read")]
    Task<ImmutableArray<string>> ReadAsync();
}

/// <summary>Sees every message of the chat whose id is this grain's key, each once and in order.</summary>
/// <remarks>It listens as gateways do. The stream is only the fast path: what it did not carry is read from the
/// chat.</remarks>
public sealed class ScribeGrain : Grain, IScribeGrain, IAsyncObserver<GatewayEvent>
{
    private const int PageCount = 1_000;

    private readonly List<string> _seen = [];
    private StreamSubscriptionHandle<GatewayEvent>? _subscription;
    private IGrainTimer? _timer;
    private string _user = "";
    private long _lastSeq;    // to survive this silo, store it with what was made of the messages

    private long ChatId => this.GetPrimaryKeyLong();

    /// <summary>Names this listener in the whole cluster, as if it were a gateway process.</summary>
    private string ListenerId => $"scribe-{ChatId}";

    private IChatAudienceGrain Chat => GrainFactory.GetGrain<IChatAudienceGrain>(ChatId);

    public async Task ListenAsync(string user, CancellationToken cancellationToken)
    {
        // The subscription comes first, so that nothing falls between it and what is read below.
        var stream = this.GetStreamProvider(GatewayStreams.ProviderName)
            .GetStream<GatewayEvent>(StreamId.Create(GatewayStreams.Namespace, ListenerId));
        foreach (var old in await stream.GetAllSubscriptionHandles())
        {
            await old.UnsubscribeAsync();    // a former activation's
        }

        _user = user;
        _subscription = await stream.SubscribeAsync(this);
        await RenewAsync(cancellationToken);
        var joined = await Chat.JoinAsync(ListenerId, user, cancellationToken);
        if (joined.Chat is null)
        {
            throw new InvalidOperationException($"{user} is no member of chat {ChatId}.");
        }

        await CatchUpAsync(joined.Position.LastSeq, cancellationToken);
        _timer?.Dispose();    // it may be told twice to listen
        _timer = this.RegisterGrainTimer(
            KeepListeningAsync,
            new GrainTimerCreationOptions(GatewayLease.RenewInterval, GatewayLease.RenewInterval) { KeepAlive = true });
    }

    public async Task OnNextAsync(GatewayEvent item, StreamSequenceToken? token = null)
    {
        if (item is MessagePosted posted && posted.TopicId == ChatId)
        {
            await CatchUpAsync(posted.Message.Seq - 1, CancellationToken.None);
            Take(posted.Message);
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;    // the timer finds what was missed

    public Task<ImmutableArray<string>> ReadAsync() => Task.FromResult<ImmutableArray<string>>([.. _seen]);

    /// <summary>Finds what was lost in silence: a silo may have died with events that it had not sent.</summary>
    private async Task KeepListeningAsync(CancellationToken cancellationToken)
    {
        await RenewAsync(cancellationToken);
        var rejoined = await Chat.RejoinAsync(ListenerId, [_user], cancellationToken);
        if (!rejoined.Strangers.IsEmpty)
        {
            await StopAsync(cancellationToken);    // the user is no member any more
            return;
        }

        await CatchUpAsync(rejoined.Position.LastSeq, cancellationToken);
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        _timer!.Dispose();
        await _subscription!.UnsubscribeAsync();
        await Chat.LeaveAsync(ListenerId, cancellationToken);
        await GrainFactory.GetGrain<IGatewayDirectoryGrain>(0).LeaveAsync(ListenerId, cancellationToken);
    }

    private Task<bool> RenewAsync(CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<IGatewayDirectoryGrain>(0).RenewAsync(ListenerId, cancellationToken);

    private async Task CatchUpAsync(long throughSeq, CancellationToken cancellationToken)
    {
        while (_lastSeq < throughSeq)
        {
            var page = await Chat.ReadAsync(_lastSeq, throughSeq, PageCount, cancellationToken);
            if (page.IsEmpty)
            {
                return;    // the chat was deleted meanwhile
            }

            foreach (var message in page)
            {
                Take(message);
            }
        }
    }

    private void Take(ChatMessage message)
    {
        if (message.Seq == _lastSeq + 1)    // events may come twice
        {
            _lastSeq = message.Seq;
            _seen.Add($"{message.User}: {message.Content}");
        }
    }
}
