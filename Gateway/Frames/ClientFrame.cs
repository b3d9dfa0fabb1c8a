using System.Text.Json.Serialization;
using NewLoom.Chats;

namespace NewLoom.Gateway.Frames;

/// <summary>What a client may send.</summary>
internal abstract record ClientFrame
{
    /// <summary>The client's own name for the frame, echoed by whatever it causes; at most 64 characters.</summary>
    [JsonIgnore] public string? RequestId { get; init; }

    /// <summary>Which budget of frames per second it counts against.</summary>
    [JsonIgnore] public virtual FrameKind Kind => FrameKind.Other;

    /// <summary>What is wrong with the values, for a developer; null when they may be used.</summary>
    public virtual string? FindProblem() => null;

    /// <summary>The error with what of this frame it concerns.</summary>
    public virtual ErrorNotice About(ErrorNotice error) => error;
}

internal sealed record HeartbeatFrame : ClientFrame;

internal sealed record DisconnectFrame : ClientFrame;

/// <summary>From extended clients alone: who they are, as the first frame, or anew.</summary>
internal sealed record AuthenticateFrame(string Token) : ClientFrame
{
    /// <summary>Leaves the secret out of logs.</summary>
    public override string ToString() => nameof(AuthenticateFrame);
}

internal sealed record MessageFrame(long ChatId, string Content, string? ClientId = null) : ClientFrame
{
    public override FrameKind Kind => FrameKind.Message;

    public override ErrorNotice About(ErrorNotice error) => error with { ChatId = ChatId, ClientId = ClientId };

    public override string? FindProblem() => WireId.FindProblem(ChatId, "chat_id");
}

internal sealed record MessageStatusFrame(long ChatId, long MessageId, string Status) : ClientFrame
{
    public override FrameKind Kind => FrameKind.MessageStatus;

    /// <summary>The mark to move; null for a status that only the server gives.</summary>
    [JsonIgnore]
    public MarkKind? Mark => Status switch
    {
        "delivered" => MarkKind.Delivered,
        "read" => MarkKind.Read,
        _ => null,
    };

    public override ErrorNotice About(ErrorNotice error) => error with { ChatId = ChatId };

    public override string? FindProblem() =>
        WireId.FindProblem(ChatId, "chat_id")
        ?? WireId.FindProblem(MessageId, "message_id")
        ?? (Mark is null ? "status must be 'delivered' or 'read'" : null);
}

internal sealed record TypingFrame(long ChatId, bool IsTyping) : ClientFrame
{
    public override FrameKind Kind => FrameKind.Typing;

    public override ErrorNotice About(ErrorNotice error) => error with { ChatId = ChatId };

    public override string? FindProblem() => WireId.FindProblem(ChatId, "chat_id");
}

internal sealed record ChatCursor(long ChatId, long? AfterSeq = null);

internal sealed record SubscribeFrame(ChatCursor[] Chats) : ClientFrame
{
    public override FrameKind Kind => FrameKind.Subscribe;

    public override string? FindProblem()
    {
        if (Chats.Length == 0)
        {
            return "chats must name at least one chat";
        }

        foreach (var cursor in Chats)
        {
            // Null elements pass the serializer: nullability of elements is not its to know.
            var problem = cursor is null
                ? "chats must hold objects"
                : WireId.FindProblem(cursor.ChatId, "chat_id")
                    ?? WireId.FindCursorProblem(cursor.AfterSeq, "after_seq");
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }
}

internal sealed record UnsubscribeFrame(long[] ChatIds) : ClientFrame
{
    public override string? FindProblem() =>
        ChatIds.Length == 0
            ? "chat_ids must name at least one chat"
            : ChatIds.Select(id => WireId.FindProblem(id, "chat_ids")).FirstOrDefault(problem => problem is not null);
}

internal sealed record HistoryFrame(long ChatId, long? BeforeSeq = null, int? Limit = null) : ClientFrame
{
    public const int LimitMax = 200;
    public const int LimitDefault = 50;

    public override FrameKind Kind => FrameKind.History;

    public override ErrorNotice About(ErrorNotice error) => error with { ChatId = ChatId };

    public override string? FindProblem() =>
        WireId.FindProblem(ChatId, "chat_id")
        ?? (BeforeSeq is { } seq ? WireId.FindProblem(seq, "before_seq") : null)
        ?? (Limit is < 1 or > LimitMax ? $"limit must be from 1 to {LimitMax}" : null);
}
