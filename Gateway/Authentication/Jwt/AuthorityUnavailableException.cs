namespace NewLoom.Gateway.Authentication.Jwt;

/// <summary>The keys to verify a token with cannot be had now; the same token may pass later.</summary>
internal sealed class AuthorityUnavailableException(string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Whether the authority is there, but the token's key is not among those that it had.</summary>
    public bool IsUnknownKey { get; init; }
}
