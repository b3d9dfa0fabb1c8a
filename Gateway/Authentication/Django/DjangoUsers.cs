using NewLoom.Audit;
using NewLoom.Users;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Makes users of NewLoom of those whom Django names.</summary>
internal sealed class DjangoUsers(IGrainFactory grains)
{
    /// <summary>The identity of somebody whom Django names; a user that is new here is created.</summary>
    /// <param name="kind">The kind of the credential.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="login">Whom it names; null when it does not hold.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it does not hold, or names somebody whose name may not be one here; <see cref="Identity.Nobody"/>
    /// for a visitor who is not logged in.</returns>
    public async Task<Identity?> AdmitAsync(
        string kind, string credential, DjangoLogin? login, CancellationToken cancellationToken)
    {
        if (login is { User: "" })
        {
            return Identity.Nobody;
        }

        if (login is null || !Username.IsValid(login.User))
        {
            return null;
        }

        await grains.GetGrain<IUserGrain>(UserKeys.ForUser(login.User)).CreateAsync(Actor.System, cancellationToken);
        return new Identity(login.User, login.ExpiresAt, TokenScopes.Usual)
        {
            Handle = DjangoCheck.HandleOf(kind, login.User, credential),
        };
    }
}
