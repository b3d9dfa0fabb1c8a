namespace NewLoom.Gateway.Authentication;

/// <summary>One kind of token.</summary>
internal interface ITokenVerifier
{
    /// <summary>Who the token names, or null when it is not of this kind, unknown, expired or revoked.</summary>
    Task<Identity?> VerifyAsync(string token, CancellationToken cancellationToken);
}
