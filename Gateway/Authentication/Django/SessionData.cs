using System.Text.Json;
using System.Text.Json.Serialization;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>What Django's login keeps in a session.</summary>
/// <param name="UserId">The user's primary key, as text.</param>
/// <param name="Backend">Which of Django's backends logged the user in.</param>
/// <param name="Hash">Made of the password as it was then.</param>
internal sealed record SessionData(
    [property: JsonPropertyName("_auth_user_id")] string? UserId,
    [property: JsonPropertyName("_auth_user_backend")] string? Backend,
    [property: JsonPropertyName("_auth_user_hash")] string? Hash)
{
    /// <summary>Reads a session; null when it is no JSON object: pickles are not unpacked.</summary>
    public static SessionData? Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, SessionJson.Default.SessionData);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(SessionData))]
internal sealed partial class SessionJson : JsonSerializerContext;
