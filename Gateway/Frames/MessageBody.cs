using NewLoom.Chats;

namespace NewLoom.Gateway.Frames;

/// <summary>A message on the wire, the same in frames and in the HTTP API.</summary>
internal sealed record MessageBody(
    long Id, string Content, string User, DateTimeOffset Timestamp, long ChatId, long Seq, string? ClientId)
{
    public static MessageBody Of(ChatMessage message) => new(
        message.Id, message.Content, message.User, message.Timestamp, message.ChatId, message.Seq, message.ClientId);
}
