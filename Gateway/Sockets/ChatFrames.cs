using NewLoom.Chats;
using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Limits;

namespace NewLoom.Gateway.Sockets;

/// <summary>Does what the frames of chat sockets ask.</summary>
internal sealed partial class ChatFrames(
    IGrainFactory grains, Subscriber subscriber, MessageAllowances allowances, TimeProvider time,
    ILogger<ChatFrames> logger)
{
    /// <summary>Handles one frame. Whatever goes wrong concerns this frame alone.</summary>
    public async Task HandleAsync(ChatSocket socket, FrameReading reading)
    {
        if (reading.Frame is not { } frame)
        {
            socket.Refuse(reading.Error!);
            return;
        }

        try
        {
            if (await ActAsync(socket, frame) is { } error)
            {
                socket.Refuse(error with { RequestId = frame.RequestId });
            }
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            Log.Unavailable(logger, socket.ConnectionId, frame.GetType().Name, e);
            socket.Send(About(frame, Errors.Unavailable(Faults.RetryAfter)) with { RequestId = frame.RequestId });
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var correlationId = Guid.NewGuid().ToString("N");
            Log.Failed(logger, correlationId, socket.ConnectionId, frame.GetType().Name, e);
            socket.Send(About(frame, Errors.Internal(correlationId)) with { RequestId = frame.RequestId });
        }
    }

    /// <summary>Says that the user types no more wherever this socket said that it does.</summary>
    public async Task StopTypingAsync(ChatSocket socket)
    {
        foreach (var chatId in socket.TypingIn)
        {
            await ChatOf(chatId).TypeAsync(socket.User, socket.ConnectionId, isTyping: false);
        }
    }

    private static ErrorNotice About(ClientFrame frame, ErrorNotice error) => frame switch
    {
        MessageFrame message => error with { ChatId = message.ChatId, ClientId = message.ClientId },
        MessageStatusFrame status => error with { ChatId = status.ChatId },
        TypingFrame typing => error with { ChatId = typing.ChatId },
        HistoryFrame history => error with { ChatId = history.ChatId },
        _ => error,
    };

    private static ErrorNotice? ErrorOf(ClientFrame frame, ChatRefusal refusal, string? detail) => refusal switch
    {
        ChatRefusal.None => null,
        ChatRefusal.NotAuthorized => About(frame, Errors.NotAuthorized(chatId: null)),
        ChatRefusal.Conflict => About(frame, Errors.Conflict),
        _ => About(frame, Errors.InvalidFormat(detail ?? "refused")),
    };

    private async ValueTask<ErrorNotice?> ActAsync(ChatSocket socket, ClientFrame frame)
    {
        var wait = frame.Kind == FrameKind.Message
            ? await allowances.TrySpendAsync(socket.User, socket.Ending)
            : socket.Budget.TrySpend(frame.Kind);
        if (wait is { } retryAfter)
        {
            return About(frame, Errors.RateLimited(retryAfter));
        }

        switch (frame)
        {
            case MessageFrame message:
                return await SendAsync(socket, message);
            case MessageStatusFrame status:
                var marked = await ChatOf(status.ChatId).MarkAsync(socket.User, status.Mark!.Value, status.MessageId);
                return ErrorOf(frame, marked.Refusal, marked.Detail);
            case TypingFrame typing:
                return await TypeAsync(socket, typing);
            case HistoryFrame history:
                return await ReadHistoryAsync(socket, history);
            case SubscribeFrame subscribe:
                return await SubscribeAsync(socket, subscribe);
            case UnsubscribeFrame unsubscribe:
                subscriber.Unsubscribe(socket, unsubscribe.ChatIds);
                socket.Send(new UnsubscribedReply(unsubscribe.ChatIds) { RequestId = frame.RequestId });
                return null;
            case HeartbeatFrame:
                socket.Send(new HeartbeatReply(time.GetUtcNow()) { RequestId = frame.RequestId });
                return null;
            default:
                socket.Close(CloseCode.Normal);
                return null;
        }
    }

    private async Task<ErrorNotice?> SendAsync(ChatSocket socket, MessageFrame frame)
    {
        var result = await ChatOf(frame.ChatId).SendAsync(
            new MessageDraft { User = socket.User, Content = frame.Content, ClientId = frame.ClientId });
        if (result.Message is not { } message)
        {
            return ErrorOf(frame, result.Refusal, result.Detail);
        }

        socket.TypingIn.Remove(frame.ChatId);
        if (message.ClientId is not null)
        {
            socket.Send(FrameMapping.Sent(message) with { RequestId = frame.RequestId });
        }

        return null;
    }

    private async Task<ErrorNotice?> TypeAsync(ChatSocket socket, TypingFrame frame)
    {
        var outcome = await ChatOf(frame.ChatId).TypeAsync(socket.User, socket.ConnectionId, frame.IsTyping);
        if (outcome.Refusal == ChatRefusal.None && frame.IsTyping)
        {
            socket.TypingIn.Add(frame.ChatId);
        }
        else
        {
            socket.TypingIn.Remove(frame.ChatId);
        }

        return ErrorOf(frame, outcome.Refusal, outcome.Detail);
    }

    private async Task<ErrorNotice?> ReadHistoryAsync(ChatSocket socket, HistoryFrame frame)
    {
        var limit = frame.Limit ?? HistoryFrame.LimitDefault;
        if (await ChatOf(frame.ChatId).ReadHistoryAsync(socket.User, frame.BeforeSeq, limit) is not { } page)
        {
            return Errors.NotAuthorized(frame.ChatId);
        }

        await socket.Outbox.WaitForRoomAsync(socket.Ending);
        socket.Send(FrameMapping.Of(frame.ChatId, page) with { RequestId = frame.RequestId });
        return null;
    }

    private async Task<ErrorNotice?> SubscribeAsync(ChatSocket socket, SubscribeFrame frame)
    {
        ErrorNotice? last = null;
        foreach (var cursor in frame.Chats)
        {
            if (last is not null)
            {
                socket.Send(last with { RequestId = frame.RequestId });    // one refused frame, whatever it names
                last = null;
            }

            if (socket.IsClosing)
            {
                break;
            }

            try
            {
                var isMember = await subscriber.SubscribeAsync(socket, cursor, frame.RequestId);
                last = isMember ? null : Errors.NotAuthorized(cursor.ChatId);
            }
            catch (Exception e) when (Faults.IsUnavailable(e))
            {
                Log.Unavailable(logger, socket.ConnectionId, nameof(SubscribeFrame), e);
                last = Errors.Unavailable(Faults.RetryAfter) with { ChatId = cursor.ChatId };
            }
        }

        return last;
    }

    private IChatGrain ChatOf(long chatId) => grains.GetGrain<IChatGrain>(chatId);
}
