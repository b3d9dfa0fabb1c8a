using System.Buffers;
using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>Tokens that this service issued.</summary>
internal sealed class IssuedTokenVerifier(IGrainFactory grains) : ITokenVerifier
{
    private const int TokenLength = 43;

    private static readonly SearchValues<char> Base64Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public async Task<Identity?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length != TokenLength || token.AsSpan().ContainsAnyExcept(Base64Url))
        {
            return null;    // not worth a grain
        }

        var hash = TokenHash.Of(token);
        var grant = await grains.GetGrain<ITokenGrain>(UserKeys.ForToken(hash)).CheckAsync(cancellationToken);
        return grant is null
            ? null
            : new Identity(grant.User, grant.ExpiresAt, grant.Scopes) { Handle = CredentialHandle.OfIssued(hash) };
    }
}
