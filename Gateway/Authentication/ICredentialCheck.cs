using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>Tells of one kind of credential whether it still holds, for the sockets that rest on it.</summary>
internal interface ICredentialCheck
{
    /// <summary>The kind, as in <see cref="CredentialHandle.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>How often a credential with open sockets is asked about.</summary>
    TimeSpan Interval { get; }

    /// <summary>Whether the credential holds now.</summary>
    /// <param name="value">As in <see cref="CredentialHandle.Value"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> HoldsAsync(string value, CancellationToken cancellationToken);
}
