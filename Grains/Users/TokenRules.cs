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

    /// <summary>Those that end before <paramref name="next"/> is issued: the expired ones, then the oldest of its kind
    /// above the limit, with their sessions.</summary>
    public static ImmutableArray<TokenRecord> EndedBy(
        TokenRecord next, ImmutableArray<TokenRecord> tokens, DateTimeOffset now, int limit)
    {
        var valid = tokens.Count(token => token.IsSession == next.IsSession && token.ExpiresAt > now);
        var surplus = Math.Max(0, valid - limit + 1);
        return WithSessions(
            tokens.Where(token => token.ExpiresAt <= now || (token.IsSession == next.IsSession && surplus-- > 0)),
            tokens);
    }

    /// <summary>These tokens, and the sessions that end with them.</summary>
    public static ImmutableArray<TokenRecord> WithSessions(
        IEnumerable<TokenRecord> ended, ImmutableArray<TokenRecord> tokens)
    {
        var hashes = ended.Select(token => token.Hash).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. tokens.Where(token => hashes.Contains(token.Hash)
                || (token.ParentHash is { } parent && hashes.Contains(parent))),
        ];
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
