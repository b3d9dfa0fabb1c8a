using System.Buffers;

namespace NewLoom.Gateway.Authentication;

/// <summary>The form of the secrets that this service issues: tokens, sessions and tickets.</summary>
internal static class IssuedSecret
{
    private const int Length = 43;

    private static readonly SearchValues<char> Base64Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether it may be one: 43 characters of base64url.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Length && !text.AsSpan().ContainsAnyExcept(Base64Url);
}
