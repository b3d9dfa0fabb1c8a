namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Whom Django says that a credential names.</summary>
/// <param name="User">The username there; empty for a visitor who is not logged in.</param>
/// <param name="ExpiresAt">When the credential ends, UTC; null when it does not.</param>
internal sealed record DjangoLogin(string User, DateTimeOffset? ExpiresAt);
