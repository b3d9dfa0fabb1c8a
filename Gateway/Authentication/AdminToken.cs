using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>The configured administrator's token.</summary>
internal sealed class AdminToken(IOptions<AdminTokenOptions> options) : ITokenVerifier
{
    private static readonly Identity Administrator = new(User: "", ExpiresAt: null, [TokenScopes.Admin]);

    private readonly byte[]? _hash = options.Value.AdminToken is { } token ? Hash(token) : null;

    public Task<Identity?> VerifyAsync(string token, CancellationToken cancellationToken) =>
        Task.FromResult(
            // Hashes are of one length, so that the time tells neither the token nor its length.
            _hash is not null && CryptographicOperations.FixedTimeEquals(_hash, Hash(token)) ? Administrator : null);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
