using System.Collections.Immutable;
using NewLoom.Chats;

namespace NewLoom.Tests.Api;

/// <summary>One chat as the API calls it: the contract's answers without storage.</summary>
internal sealed class FakeChat(long id, string owner) : IChatGrain, IChatMembersGrain
{
    public static readonly DateTimeOffset Time = new(2024, 2, 5, 12, 0, 0, 123, TimeSpan.Zero);

    private readonly List<ChatMessage> _messages = [];
    private readonly SortedSet<string> _members = new(StringComparer.Ordinal) { owner };
    private string _name = "chat";

    /// <summary>What the next calls end in, if anything.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Called with everybody who is deleted.</summary>
    public Func<string, Task>? Forgotten { get; init; }

    public Task<SendResult> SendAsync(MessageDraft draft, CancellationToken cancellationToken)
    {
        ThrowFailure();
        if (!_members.Contains(draft.User))
        {
            return Task.FromResult(SendResult.Refused(ChatRefusal.NotAuthorized));
        }

        if (draft.Content.Length == 0)
        {
            return Task.FromResult(SendResult.Refused(ChatRefusal.Invalid, "content is empty"));
        }

        if (draft.ClientId is not null && _messages.Find(m => m.ClientId == draft.ClientId) is { } first)
        {
            return Task.FromResult(first.Content == draft.Content
                ? new SendResult { Message = first, IsRepeat = true }
                : SendResult.Refused(ChatRefusal.Conflict));
        }

        var message = new ChatMessage
        {
            Id = 1_000 + _messages.Count,
            ChatId = id,
            Seq = _messages.Count + 1,
            User = draft.User,
            Content = draft.Content,
            Timestamp = Time,
            ClientId = draft.ClientId,
        };
        _messages.Add(message);
        return Task.FromResult(new SendResult { Message = message });
    }

    public Task<MessagePage?> ReadHistoryAsync(
        string user, long? beforeSeq, int limit, CancellationToken cancellationToken)
    {
        ThrowFailure();
        var older = _messages.Where(m => m.Seq < (beforeSeq ?? long.MaxValue)).ToList();
        return Task.FromResult(_members.Contains(user)
            ? new MessagePage { Messages = [.. older.TakeLast(limit)], HasMore = older.Count > limit }
            : null);
    }

    public Task<ChatInfo?> GetAsync(string user, CancellationToken cancellationToken)
    {
        ThrowFailure();
        return Task.FromResult(!_members.Contains(user) ? null : new ChatInfo
        {
            ChatId = id,
            Name = _name,
            Owner = owner,
            Seq = _messages.Count,
            ReadSeq = 0,
            MemberCount = _members.Count,
        });
    }

    public Task<ImmutableArray<string>?> ListAsync(
        string user, string? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<string>?>(_members.Contains(user)
            ? [.. _members.Where(m => string.CompareOrdinal(m, after) > 0).Take(limit)]
            : null);

    public Task<ChatOutcome> RenameAsync(string actor, string name, CancellationToken cancellationToken) =>
        OwnerDoes(actor, () => _name = name);

    public Task<ChatOutcome> DeleteAsync(string actor, CancellationToken cancellationToken) =>
        OwnerDoes(actor, _members.Clear);

    public Task<ChatOutcome> AddAsync(string actor, string user, CancellationToken cancellationToken) =>
        user == "full"
            ? Task.FromResult(ChatOutcome.Refused(ChatRefusal.LimitReached, "too many chats"))
            : OwnerDoes(actor, () => _members.Add(user));

    public Task<ChatOutcome> RemoveAsync(string actor, string user, CancellationToken cancellationToken) =>
        OwnerDoes(actor == user ? owner : actor, () => _members.Remove(user));

    public Task ForgetAsync(string actor, string user, CancellationToken cancellationToken) =>
        Forgotten?.Invoke(user) ?? Task.CompletedTask;

    public Task<ChatOutcome> MarkAsync(
        string user, MarkKind kind, long messageId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ChatOutcome> TypeAsync(
        string user, string connectionId, bool isTyping, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private Task<ChatOutcome> OwnerDoes(string actor, Action action)
    {
        ThrowFailure();
        if (actor != owner)
        {
            return Task.FromResult(ChatOutcome.Refused(ChatRefusal.NotAuthorized));
        }

        action();
        return Task.FromResult(ChatOutcome.Done);
    }

    private void ThrowFailure()
    {
        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
