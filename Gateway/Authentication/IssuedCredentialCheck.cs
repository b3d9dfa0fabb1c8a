using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>Asks about tokens and sessions that this service issued.</summary>
/// <remarks>Their end is told at once (<see cref="CredentialEnded"/>); asking repairs what a crash kept from being
/// told.</remarks>
internal sealed class IssuedCredentialCheck(IGrainFactory grains) : ICredentialCheck
{
    /// <summary>How often to ask about what is told at once.</summary>
    public static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(5);

    public string Kind => CredentialHandle.IssuedKind;

    public TimeSpan Interval => UsualInterval;

    public bool CanBeProlonged => false;

    public async Task<Standing?> FindAsync(string value, CancellationToken cancellationToken) =>
        await grains.GetGrain<ITokenGrain>(UserKeys.ForToken(value)).CheckAsync(cancellationToken) is not null
            ? default(Standing)
            : null;
}
