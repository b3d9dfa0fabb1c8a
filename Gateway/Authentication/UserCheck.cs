using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>Asks whether a user is still there, for credentials from elsewhere that end with it.</summary>
internal sealed class UserCheck(IGrainFactory grains) : ICredentialCheck
{
    public string Kind => CredentialHandle.UserKind;

    public TimeSpan Interval => IssuedCredentialCheck.UsualInterval;

    public bool CanBeProlonged => false;

    public async Task<Standing?> FindAsync(string value, CancellationToken cancellationToken) =>
        await grains.GetGrain<IUserGrain>(UserKeys.ForUser(value)).GetCreatedAtAsync(cancellationToken) is not null
            ? default(Standing)
            : null;
}
