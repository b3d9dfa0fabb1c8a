using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>Which of a user's tokens stay, and how new ones are made.</summary>
internal static class TokenRules
{
    private const int SecretBytes = 32;

    /// <summary>A new secret: 43 characters of base64url.</summary>
    public static string CreateSecret()
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        RandomNumberGenerator.Fill(secret);
        return Base64Url.EncodeToString(secret);
    }

    /// <summary>What is kept of a new token.</summary>
    public static TokenRecord CreateRecord(
        string secret, DateTimeOffset now, TimeSpan lifetime, ImmutableArray<string> scopes)
    {
        var createdAt = now.ToWholeMilliseconds();
        return new TokenRecord
        {
            TokenId = Guid.NewGuid(),
            Hash = TokenHash.Of(secret),
            CreatedAt = createdAt,
            ExpiresAt = createdAt + lifetime,
            Scopes = [.. scopes.Distinct()],
        };
    }

    /// <summary>Those that end before one more is issued: the expired ones, then the oldest above the limit.</summary>
    public static ImmutableArray<TokenRecord> EndedByNext(
        ImmutableArray<TokenRecord> tokens, DateTimeOffset now, int limit)
    {
        var valid = tokens.Count(token => token.ExpiresAt > now);
        var surplus = Math.Max(0, valid - limit + 1);
        return [.. tokens.Where(token => token.ExpiresAt <= now || surplus-- > 0)];
    }

    /// <summary>What may be shown of a token.</summary>
    public static TokenInfo Describe(TokenRecord token) => new()
    {
        TokenId = token.TokenId,
        CreatedAt = token.CreatedAt,
        ExpiresAt = token.ExpiresAt,
        Scopes = token.Scopes,
    };

    /// <summary>Drops what the wire cannot show.</summary>
    public static DateTimeOffset ToWholeMilliseconds(this DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
