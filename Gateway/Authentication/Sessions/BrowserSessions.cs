using NewLoom.Users;

namespace NewLoom.Gateway.Authentication.Sessions;

/// <summary>Begins and ends browsers' sessions. A session is a token that lives in a cookie.</summary>
internal sealed class BrowserSessions(IGrainFactory grains, TimeProvider time)
{
    /// <summary>The longest that a session lasts; it ends earlier with the credential that it was exchanged
    /// for.</summary>
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(14);

    /// <summary>Whether a session can be had for the credential: for a token of this service, or one that only time
    /// ends. A session could not end with anything else.</summary>
    public static bool IsFor(Identity identity) =>
        identity.IsIssued || identity.Handle is { Kind: CredentialHandle.UserKind };

    /// <summary>Begins a session and sets its cookie.</summary>
    /// <returns>False when the credential has ended meanwhile, is itself a session, or names nobody.</returns>
    public async Task<bool> BeginAsync(HttpContext context, Identity identity, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var longest = now + LifetimeMax;
        var expiresAt = identity.ExpiresAt < longest ? identity.ExpiresAt.Value : longest;
        if (expiresAt <= now)
        {
            return false;
        }

        var session = await grains.GetGrain<IUserGrain>(UserKeys.ForUser(identity.User)).BeginSessionAsync(
            identity.User, identity.IsIssued ? identity.Handle!.Value : null, expiresAt - now, identity.Scopes, cancellationToken);
        if (session is null)
        {
            return false;
        }

        await SessionCookie.SetAsync(context, session.Token, expiresAt);
        return true;
    }

    /// <summary>Ends the session of the request's cookie, if it has any, and clears the cookie.</summary>
    public async Task EndAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await SessionCookie.ReadAsync(context) is { } cookie)
        {
            var hash = TokenHash.Of(cookie.Secret);
            var token = grains.GetGrain<ITokenGrain>(UserKeys.ForToken(hash));
            if (await token.CheckAsync(cancellationToken) is { } grant)
            {
                await grains.GetGrain<IUserGrain>(UserKeys.ForUser(grant.User))
                    .EndSessionAsync(grant.User, hash, cancellationToken);
            }
        }

        await SessionCookie.ClearAsync(context);
    }
}
