namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Tokens of Django's REST framework, wherever a token may be.</summary>
internal sealed class DjangoTokenVerifier(DjangoTokens tokens, DjangoUsers users) : ITokenVerifier
{
    public async Task<Identity?> VerifyAsync(string token, CancellationToken cancellationToken) =>
        await users.AdmitAsync(
            DjangoCheck.TokenKind, token, await tokens.FindAsync(token, cancellationToken), cancellationToken);
}
