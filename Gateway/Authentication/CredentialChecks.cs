using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>Asks about credentials of every kind.</summary>
internal sealed class CredentialChecks(IEnumerable<ICredentialCheck> checks)
{
    private readonly Dictionary<string, ICredentialCheck> _byKind = checks.ToDictionary(check => check.Kind);

    /// <summary>How often a credential with open sockets is to be asked about.</summary>
    public TimeSpan IntervalOf(CredentialHandle handle) => _byKind[handle.Kind].Interval;

    /// <summary>Whether the credential's end may be put off.</summary>
    public bool CanBeProlonged(CredentialHandle handle) => _byKind[handle.Kind].CanBeProlonged;

    /// <summary>How the credential stands now; null when it does not hold any more.</summary>
    public Task<Standing?> FindAsync(CredentialHandle handle, CancellationToken cancellationToken) =>
        _byKind[handle.Kind].FindAsync(handle.Value, cancellationToken);
}
