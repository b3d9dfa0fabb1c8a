using NewLoom.Chats;
using NewLoom.Streams;

namespace NewLoom.Gateway.Frames;

/// <summary>Makes frames of what the grains say.</summary>
internal static class FrameMapping
{
    public static MessageStatusNotice Of(MarkMoved mark) =>
        new(mark.TopicId, mark.MessageId, NameOf(mark.Kind), mark.User, mark.Timestamp, mark.Seq);

    /// <summary>What the sender of a message is told once it is durable.</summary>
    public static MessageStatusNotice Sent(ChatMessage message) => new(
        message.ChatId, message.Id, "sent", message.User, message.Timestamp, message.Seq, message.ClientId);

    public static StatusUpdateNotice Of(StatusChanged item) =>
        new(item.TopicId, StatusName.Of(item.Status), item.Timestamp, item.Execution);

    public static StreamErrorNotice Of(ErrorReported item) =>
        new(item.TopicId, StreamErrorBody.Of(item.Error));

    public static SnapshotNotice Of(StreamSnapshot stream) => new(
        stream.StreamId, stream.Name, stream.Execution, StatusName.Of(stream.Status), StatsBody.Of(stream.Stats),
        [.. stream.Errors.Select(StreamErrorBody.Of)], stream.Version);

    public static HistoryReply Of(long chatId, MessagePage page) =>
        new(chatId, [.. page.Messages.Select(MessageBody.Of)], page.HasMore);

    private static string NameOf(MarkKind kind) => kind == MarkKind.Read ? "read" : "delivered";
}
