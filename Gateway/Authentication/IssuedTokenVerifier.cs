using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>Tokens that this service issued.</summary>
internal sealed class IssuedTokenVerifier(IGrainFactory grains) : ITokenVerifier
{
    public async Task<Identity?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (!IssuedSecret.IsWellFormed(token))
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
