using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Gateways;
using NewLoom.Grains.Gateways;

namespace NewLoom.Grains.Chats;

/// <summary>Puts what happens in one chat into events for the gateways that listen.</summary>
internal sealed class ChatTeller(ChatState chat, TopicTeller topic, TimeProvider time)
{
    public Listeners Listeners => topic.Listeners;

    public TopicPosition Position => topic.Position;

    public TopicTeller Topic => topic;

    public RejoinResult Rejoin(string gatewayId, ImmutableArray<string> users) =>
        topic.Rejoin(gatewayId, users, chat.IsMember);

    public Task MessageAsync(ChatMessage message)
    {
        chat.LastSeq = message.Seq;
        return topic.TellAsync(new MessagePosted
        {
            TopicId = topic.TopicId,
            Position = topic.Place(message.Seq),
            DurableAt = topic.Now,
            Message = message,
        });
    }

    public Task TypingAsync(string user, string connectionId, bool isTyping) => topic.TellAsync(new TypingChanged
    {
        TopicId = topic.TopicId,
        Position = topic.Position,
        User = user,
        ConnectionId = connectionId,
        IsTyping = isTyping,
    });

    public Task MarkAsync(string user, MarkKind kind, long messageId, long seq) => topic.TellAsync(new MarkMoved
    {
        TopicId = topic.TopicId,
        Position = topic.Position,
        User = user,
        Kind = kind,
        MessageId = messageId,
        Seq = seq,
        Timestamp = time.GetUtcNow(),
    });

    /// <summary>Tells that this activation has ended, and listeners must join anew.</summary>
    public Task EndAsync() =>
        topic.TellAsync(new ChatActivationEnded { TopicId = topic.TopicId, Position = topic.NextPosition });

    /// <summary>Tells that a member was removed; null: all of them, with the chat.</summary>
    public Task RemovalAsync(string? user) =>
        topic.TellAsync(new MemberRemoved { TopicId = topic.TopicId, Position = topic.Remove(), User = user });
}
