using NewLoom.Chats;
using NewLoom.Grains.Gateways;

namespace NewLoom.Grains.Chats;

/// <summary>Tells one activation's events to the gateways that listen, each with the chat's position.</summary>
internal sealed class ChatTeller(ChatState chat, IGatewayPublisher publisher, TimeProvider time)
{
    private readonly Guid _epoch = Guid.NewGuid();
    private int _removalCount;

    public Listeners Listeners { get; } = new(time.GetUtcNow());

    public ChatPosition Position =>
        new() { Epoch = _epoch, LastSeq = chat.LastSeq, RemovalCount = _removalCount };

    public Task MessageAsync(ChatMessage message)
    {
        chat.LastSeq = message.Seq;
        return TellAsync(new MessagePosted { ChatId = chat.ChatId, Position = Position, Message = message });
    }

    public Task TypingAsync(string user, string connectionId, bool isTyping) => TellAsync(new TypingChanged
    {
        ChatId = chat.ChatId,
        Position = Position,
        User = user,
        ConnectionId = connectionId,
        IsTyping = isTyping,
    });

    public Task MarkAsync(string user, MarkKind kind, long messageId, long seq) => TellAsync(new MarkMoved
    {
        ChatId = chat.ChatId,
        Position = Position,
        User = user,
        Kind = kind,
        MessageId = messageId,
        Seq = seq,
        Timestamp = time.GetUtcNow(),
    });

    /// <summary>Tells that a member was removed; null: all of them, with the chat.</summary>
    public Task RemovalAsync(string? user)
    {
        _removalCount++;
        return TellAsync(new MemberRemoved { ChatId = chat.ChatId, Position = Position, User = user });
    }

    private async Task TellAsync(ChatEvent item)
    {
        foreach (var gatewayId in Listeners.Targets(publisher.LiveGateways, time.GetUtcNow()))
        {
            await publisher.PublishAsync(gatewayId, item);
        }
    }
}
