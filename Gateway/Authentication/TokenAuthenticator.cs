namespace NewLoom.Gateway.Authentication;

/// <summary>Says whom a token names, whatever kind it is of and wherever it came from.</summary>
internal sealed class TokenAuthenticator(IEnumerable<ITokenVerifier> verifiers)
{
    /// <summary>Who the token names, or null when no kind knows it.</summary>
    public async Task<Identity?> AuthenticateAsync(string token, CancellationToken cancellationToken)
    {
        foreach (var verifier in verifiers)
        {
            if (await verifier.VerifyAsync(token, cancellationToken) is { } identity)
            {
                return identity;
            }
        }

        return null;
    }
}
