using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>Tells of one kind of credential whether it still holds, for the sockets that rest on it.</summary>
internal interface ICredentialCheck
{
    /// <summary>The kind, as in <see cref="CredentialHandle.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>How often a credential with open sockets is asked about.</summary>
    TimeSpan Interval { get; }

    /// <summary>Whether its end may be put off, so that it must be asked about before it counts as expired.</summary>
    bool CanBeProlonged { get; }

    /// <summary>How the credential stands now.</summary>
    /// <param name="value">As in <see cref="CredentialHandle.Value"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it does not hold any more.</returns>
    Task<Standing?> FindAsync(string value, CancellationToken cancellationToken);
}

/// <summary>A credential that holds.</summary>
/// <param name="ExpiresAt">When it ends, UTC; null when that has not moved since it was shown.</param>
internal readonly record struct Standing(DateTimeOffset? ExpiresAt);
