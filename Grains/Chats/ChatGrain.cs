using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NewLoom.Chats;
using NewLoom.Gateways;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Telemetry;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace NewLoom.Grains.Chats;

/// <summary>One chat: checks who may do what, orders the messages, tells the listeners.</summary>
/// <remarks>Reentrant, so that the next message is taken while the one before commits. The order does not hang on
/// turns: the log's writer gives out places in the order of the calls and completes them in that order. Across an
/// <c>await</c> members may come and go; whatever hangs on them is read again.</remarks>
[Reentrant]
internal sealed partial class ChatGrain(
    IMessageLog log, IChatStore store, ChatRules rules, IGatewayPublisher publisher, ITopicWatch watch,
    TimeProvider time, GrainMetrics metrics, ILogger<ChatGrain> logger)
    : Grain, IChatGrain, IChatAudienceGrain, IChatMembersGrain
{
    private ChatState? _chat;
    private ChatTeller _teller = null!;
    private ChatMembership _membership = null!;
    private ChatTyping _typing = null!;
    private LogTail _tail = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var chatId = this.GetPrimaryKeyLong();
        if (await store.LoadAsync(chatId, cancellationToken) is not { } record)
        {
            return;
        }

        _chat = new ChatState(chatId, record);
        _tail = new LogTail(chatId, record.LastSeq);
        _teller = new ChatTeller(_chat, new TopicTeller(chatId, record.LastSeq, publisher, time), time);
        _typing = new ChatTyping(this, _teller, time);
        _membership = new ChatMembership(_chat, _teller, rules, store, GrainFactory, EndActivation);
        watch.Add(_teller.Topic, TopicTable.Messages, GrainContext);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_chat is null)
        {
            return;
        }

        watch.Remove(_teller.Topic);
        if (HandOver.Begin(GrainContext, _teller.Listeners, reason) || _teller.Topic.IsSuperseded)
        {
            await _teller.EndAsync();
        }
    }

    public async Task<SendResult> SendAsync(MessageDraft draft, CancellationToken cancellationToken)
    {
        if (!Admits(draft.User))
        {
            return SendResult.Refused(ChatRefusal.NotAuthorized);
        }

        if (MessageRules.Normalise(ref draft) is { } problem)
        {
            return SendResult.Refused(ChatRefusal.Invalid, problem);
        }

        var (outcome, message) = await log.AppendAsync(_tail, draft, _chat!.NextTimestamp(time.GetUtcNow()));
        switch (outcome)
        {
            case AppendOutcome.Stored:
                metrics.Accepted();
                await _teller.MessageAsync(message!);
                await _typing.StopAsync(draft.User);
                return new SendResult { Message = message };
            case AppendOutcome.Repeat:
                return new SendResult { Message = message, IsRepeat = true };
            case AppendOutcome.Conflict:
                return SendResult.Refused(ChatRefusal.Conflict);
            default:
                Log.Fenced(logger, _tail.TopicId, _tail.LastSeq);
                EndActivation();
                throw new StorageUnavailableException("Another activation of the chat has written to its log.");
        }
    }

    public async Task<ChatOutcome> MarkAsync(
        string user, MarkKind kind, long messageId, CancellationToken cancellationToken)
    {
        if (!Admits(user))
        {
            return ChatOutcome.Refused(ChatRefusal.NotAuthorized);
        }

        if (await log.FindSeqAsync(_tail.TopicId, messageId, cancellationToken) is not { } seq)
        {
            return ChatOutcome.Refused(ChatRefusal.Invalid, "message_id is not a message of this chat");
        }

        await _membership.MarkAsync(user, kind, messageId, seq);
        return ChatOutcome.Done;
    }

    public async Task<ChatOutcome> TypeAsync(
        string user, string connectionId, bool isTyping, CancellationToken cancellationToken)
    {
        if (!Admits(user))
        {
            return ChatOutcome.Refused(ChatRefusal.NotAuthorized);
        }

        await _typing.SetAsync(user, connectionId, isTyping);
        return ChatOutcome.Done;
    }

    public async Task<MessagePage?> ReadHistoryAsync(
        string user, long? beforeSeq, int limit, CancellationToken cancellationToken) =>
        Admits(user)
            ? await log.ReadBackAsync(_tail.TopicId, beforeSeq ?? long.MaxValue, limit, cancellationToken)
            : null;

    public Task<JoinResult> JoinAsync(string gatewayId, string user, CancellationToken cancellationToken)
    {
        if (!Admits(user))
        {
            return Task.FromResult(new JoinResult { Position = default });
        }

        _teller.Listeners.Join(gatewayId, time.GetUtcNow());
        return Task.FromResult(new JoinResult { Chat = _chat!.InfoFor(user), Position = _teller.Position });
    }

    public Task<RejoinResult> RejoinAsync(
        string gatewayId, ImmutableArray<string> users, CancellationToken cancellationToken)
    {
        if (_chat is null)
        {
            DeactivateOnIdle();
        }

        return Task.FromResult(
            _teller?.Rejoin(gatewayId, users) ?? new RejoinResult { Strangers = users, Position = default });
    }

    public Task LeaveAsync(string gatewayId, CancellationToken cancellationToken)
    {
        _teller?.Listeners.Leave(gatewayId);
        ForgetIfEmpty();
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<ChatMessage>> ReadAsync(
        long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken) =>
        log.ReadAsync(this.GetPrimaryKeyLong(), afterSeq, throughSeq, limit, cancellationToken);

    public Task<ChatInfo?> GetAsync(string user, CancellationToken cancellationToken) =>
        Task.FromResult(Admits(user) ? _chat!.InfoFor(user) : null);

    public Task<ImmutableArray<string>?> ListAsync(
        string user, string? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<string>?>(Admits(user) ? _chat!.MembersAfter(after, limit) : null);

    public Task<ChatOutcome> RenameAsync(string actor, string name, CancellationToken cancellationToken) =>
        Admits(actor) ? _membership.RenameAsync(actor, name) : Stranger();

    public Task<ChatOutcome> AddAsync(string actor, string user, CancellationToken cancellationToken) =>
        Admits(actor) ? _membership.AddAsync(actor, user, cancellationToken) : Stranger();

    public async Task<ChatOutcome> RemoveAsync(string actor, string user, CancellationToken cancellationToken)
    {
        var outcome = Admits(actor) ? await _membership.RemoveAsync(actor, user) : await Stranger();
        ForgetIfEmpty();
        return outcome;
    }

    public async Task ForgetAsync(string actor, string user, CancellationToken cancellationToken)
    {
        await (Admits(user) ? _membership.ForgetAsync(actor, user) : Stranger());
        ForgetIfEmpty();
    }

    public async Task<ChatOutcome> DeleteAsync(string actor, CancellationToken cancellationToken)
    {
        var outcome = Admits(actor) ? await _membership.DeleteAsync(actor) : await Stranger();
        ForgetIfEmpty();
        return outcome;
    }

    private static Task<ChatOutcome> Stranger() => Task.FromResult(ChatOutcome.Refused(ChatRefusal.NotAuthorized));

    private bool Admits(string user)
    {
        if (_chat is null)
        {
            // The chat may be created later: the next call shall look again.
            DeactivateOnIdle();
            return false;
        }

        return _chat.IsMember(user);
    }

    /// <summary>Lets the next activation begin with what is stored, and the listeners ask it.</summary>
    private void EndActivation()
    {
        _teller.Topic.IsSuperseded = true;
        DeactivateOnIdle();
    }

    private void ForgetIfEmpty()
    {
        if (_chat is null or { MemberCount: 0 })
        {
            DeactivateOnIdle();    // what is not there now may be created later
        }
    }
}
