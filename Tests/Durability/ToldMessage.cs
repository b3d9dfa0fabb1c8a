using System.Text.Json.Nodes;

namespace NewLoom.Tests.Durability;

/// <summary>A message as the service told somebody of it: shown, confirmed or read from the history.</summary>
internal sealed record ToldMessage(
    long ChatId, long Seq, long Id, string User, string Content, string Timestamp, string? ClientId)
{
    /// <summary>From a <c>message</c> frame's body or a history's item.</summary>
    public static ToldMessage Of(JsonNode body) => new(
        body["chat_id"]!.GetValue<long>(),
        body["seq"]!.GetValue<long>(),
        body["id"]!.GetValue<long>(),
        body["user"]!.GetValue<string>(),
        body["content"]!.GetValue<string>(),
        body["timestamp"]!.GetValue<string>(),
        body["client_id"]?.GetValue<string>());

    /// <summary>From the <c>sent</c> that confirms this content.</summary>
    public static ToldMessage OfSent(JsonNode frame, string content) => new(
        frame["chat_id"]!.GetValue<long>(),
        frame["seq"]!.GetValue<long>(),
        frame["message_id"]!.GetValue<long>(),
        frame["user"]!.GetValue<string>(),
        content,
        frame["timestamp"]!.GetValue<string>(),
        frame["client_id"]!.GetValue<string>());
}
