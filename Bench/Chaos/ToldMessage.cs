using System.Text.Json;

namespace NewLoom.Bench.Chaos;

/// <summary>A message as somebody was told of it.</summary>
internal sealed record ToldMessage(long Seq, long Id, string User, string Content, string? ClientId)
{
    /// <summary>From the body of a <c>message</c> frame, or an item of a history.</summary>
    public static ToldMessage Of(JsonElement body) => new(
        body.GetProperty("seq").GetInt64(),
        body.GetProperty("id").GetInt64(),
        body.GetProperty("user").GetString()!,
        body.GetProperty("content").GetString()!,
        body.TryGetProperty("client_id", out var clientId) ? clientId.GetString() : null);
}
