using System.Buffers;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Says whom a token of Django's REST framework names.</summary>
internal sealed class DjangoTokens(DjangoTables tables)
{
    private const int TokenLength = 40;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>Whom the token names now, or null when it is none of these or its user may not log in.</summary>
    public async Task<DjangoLogin?> FindAsync(string token, CancellationToken cancellationToken) =>
        token.Length == TokenLength
        && !token.AsSpan().ContainsAnyExcept(Hexadecimal)
        && await tables.FindTokenUserAsync(token, cancellationToken) is { IsActive: true } user
            ? new DjangoLogin(user.Name, ExpiresAt: null)
            : null;
}
