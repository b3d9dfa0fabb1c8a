using NewLoom.Chats;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Users;

namespace NewLoom.Gateway.Chats;

/// <summary>One chat socket: does what its frames ask.</summary>
internal sealed class ChatSession(ChatSockets kind, ClientSocket socket) : ISocketSession
{
    /// <summary>Chats in which this socket said that its user types. Used by the reading loop alone.</summary>
    private HashSet<long>? _typingIn;

    public ISocketKind Kind => kind;

    public async Task<WelcomeNotice> OpenAsync(CancellationToken cancellationToken)
    {
        var chats = await kind.InitialChats.SubscribeAsync(socket, cancellationToken);
        return WelcomeNotice.For(
            socket, [.. chats.Select(chat => new WelcomeChat(chat.ChatId, chat.Name, chat.Seq, chat.ReadSeq))]);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask<ErrorNotice?> ActAsync(ClientFrame frame)
    {
        switch (frame)
        {
            case MessageFrame message:
                return await SendAsync(message);
            case MessageStatusFrame status:
                var marked = await ChatOf(status.ChatId).MarkAsync(socket.User, status.Mark!.Value, status.MessageId);
                return ErrorOf(frame, marked.Refusal, marked.Detail);
            case TypingFrame typing:
                return await TypeAsync(typing);
            case HistoryFrame history:
                return await ReadHistoryAsync(history);
            case SubscribeFrame subscribe:
                return await EachTopic.SubscribeAsync(
                    socket, frame, subscribe.Chats, kind.FrameFaults,
                    cursor => kind.Subscriber.SubscribeAsync(socket, cursor, frame.RequestId),
                    cursor => Errors.NotAuthorizedForChat(cursor.ChatId),
                    (cursor, error) => error with { ChatId = cursor.ChatId });
            case UnsubscribeFrame unsubscribe:
                kind.Audience.Unsubscribe(socket, unsubscribe.ChatIds);
                socket.Send(new UnsubscribedReply { ChatIds = unsubscribe.ChatIds, RequestId = frame.RequestId });
                return null;
            default:
                throw new InvalidOperationException($"No chat socket reads a {frame.GetType().Name}.");
        }
    }

    public Task FollowAsync(UserEvent added, CancellationToken cancellationToken) => added is ChatAdded chat
        ? kind.Subscriber.FollowAsync(socket, chat.ChatId, chat.Seq, cancellationToken)
        : Task.CompletedTask;

    public async Task RelistAsync(CancellationToken cancellationToken)
    {
        var known = socket.Topics.All().ToHashSet();    // also those that it has unsubscribed from
        foreach (var chat in await kind.InitialChats.ListAsync(socket.User, cancellationToken))
        {
            if (known.Contains(chat.ChatId))
            {
                continue;
            }

            if (socket.IsExtended)
            {
                socket.Send(new ChatAddedNotice(chat.ChatId, chat.Name));
            }

            await kind.Subscriber.FollowAsync(socket, chat.ChatId, chat.Seq, cancellationToken);
        }
    }

    public void Forget() => kind.Audience.Forget(socket);

    /// <summary>Says that the user types no more wherever this socket said that it does.</summary>
    public async Task EndAsync()
    {
        foreach (var chatId in _typingIn ?? [])
        {
            await ChatOf(chatId).TypeAsync(socket.User, socket.ConnectionId, isTyping: false);
        }
    }

    private static ErrorNotice? ErrorOf(ClientFrame frame, ChatRefusal refusal, string? detail) => refusal switch
    {
        ChatRefusal.None => null,
        ChatRefusal.NotAuthorized => frame.About(Errors.NotAuthorizedForChat()),
        ChatRefusal.Conflict => frame.About(Errors.Conflict),
        _ => frame.About(Errors.InvalidFormat(detail ?? "refused")),
    };

    private async Task<ErrorNotice?> SendAsync(MessageFrame frame)
    {
        if (await kind.Allowances.TrySpendAsync(socket.User, socket.Ending) is { } wait)
        {
            return frame.About(Errors.RateLimited(wait));
        }

        var result = await ChatOf(frame.ChatId).SendAsync(
            new MessageDraft { User = socket.User, Content = frame.Content, ClientId = frame.ClientId });
        if (result.Message is not { } message)
        {
            return ErrorOf(frame, result.Refusal, result.Detail);
        }

        _typingIn?.Remove(frame.ChatId);
        if (message.ClientId is not null)
        {
            socket.Send(FrameMapping.Sent(message) with { RequestId = frame.RequestId });
        }

        return null;
    }

    private async Task<ErrorNotice?> TypeAsync(TypingFrame frame)
    {
        var outcome = await ChatOf(frame.ChatId).TypeAsync(socket.User, socket.ConnectionId, frame.IsTyping);
        if (outcome.Refusal == ChatRefusal.None && frame.IsTyping)
        {
            (_typingIn ??= []).Add(frame.ChatId);
        }
        else
        {
            _typingIn?.Remove(frame.ChatId);
        }

        return ErrorOf(frame, outcome.Refusal, outcome.Detail);
    }

    private async Task<ErrorNotice?> ReadHistoryAsync(HistoryFrame frame)
    {
        var limit = frame.Limit ?? HistoryFrame.LimitDefault;
        if (await ChatOf(frame.ChatId).ReadHistoryAsync(socket.User, frame.BeforeSeq, limit) is not { } page)
        {
            return Errors.NotAuthorizedForChat(frame.ChatId);
        }

        await socket.Outbox.WaitForRoomAsync(socket.Ending);
        socket.Send(FrameMapping.Of(frame.ChatId, page) with { RequestId = frame.RequestId });
        return null;
    }

    private IChatGrain ChatOf(long chatId) => kind.Grains.GetGrain<IChatGrain>(chatId);
}
