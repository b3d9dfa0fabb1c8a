using NewLoom.Audit;
using NewLoom.Users;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Makes users of NewLoom of those whom Django names.</summary>
internal sealed class DjangoUsers(IGrainFactory grains)
{
    /// <summary>The identity of somebody whom Django names; a user that is new here is created.</summary>
    /// <param name="kind">The kind of the credential.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="login">Whom it names; nobody when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it names nobody, or somebody whose name may not be one here.</returns>
    public async Task<Identity?> AdmitAsync(
        string kind, string credential, DjangoLogin? login, CancellationToken cancellationToken)
    {
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
