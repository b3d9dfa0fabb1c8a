using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>Asks about credentials of every kind.</summary>
internal sealed class CredentialChecks(IEnumerable<ICredentialCheck> checks)
{
    private readonly Dictionary<string, ICredentialCheck> _byKind = checks.ToDictionary(check => check.Kind);

    /// <summary>How often a credential with open sockets is to be asked about.</summary>
    public TimeSpan IntervalOf(CredentialHandle handle) => _byKind[handle.Kind].Interval;

    /// <summary>Whether the credential holds now.</summary>
    public Task<bool> HoldsAsync(CredentialHandle handle, CancellationToken cancellationToken) =>
        _byKind[handle.Kind].HoldsAsync(handle.Value, cancellationToken);
}
