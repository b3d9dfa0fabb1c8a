using NewLoom.Chats;

namespace NewLoom.Gateway.Frames;

/// <summary>Makes frames of what the grains say.</summary>
internal static class FrameMapping
{
    public static MessageStatusNotice Of(MarkMoved mark) =>
        new(mark.TopicId, mark.MessageId, NameOf(mark.Kind), mark.User, mark.Timestamp, mark.Seq);

    /// <summary>What the sender of a message is told once it is durable.</summary>
    public static MessageStatusNotice Sent(ChatMessage message) => new(
        message.ChatId, message.Id, "sent", message.User, message.Timestamp, message.Seq, message.ClientId);

    public static HistoryReply Of(long chatId, MessagePage page) =>
        new(chatId, [.. page.Messages.Select(MessageBody.Of)], page.HasMore);

    private static string NameOf(MarkKind kind) => kind == MarkKind.Read ? "read" : "delivered";
}
