namespace NewLoom.Gateway.Security;

/// <summary>Why somebody was refused; the names are those of the security events and of the metric's
/// <c>reason</c>.</summary>
internal enum RefusalKind
{
    /// <summary>A credential that is missing, wrong, expired or revoked.</summary>
    AuthenticationFailed,

    /// <summary>No credential within the time for it.</summary>
    AuthenticationTimeout,

    /// <summary>Too many failed authentications from the address.</summary>
    AuthenticationThrottled,

    /// <summary>The credential of an open socket has ended.</summary>
    AuthenticationExpired,

    /// <summary>Too many sockets of the address that have not authenticated.</summary>
    UnauthenticatedSockets,

    /// <summary>A page of another origin.</summary>
    ForeignOrigin,

    /// <summary>Not a member, no right, or no scope for it.</summary>
    PermissionDenied,

    /// <summary>Too many messages or frames.</summary>
    RateLimited,

    /// <summary>Too many open sockets of the user.</summary>
    OpenSockets,

    /// <summary>Too many refused frames of one socket.</summary>
    RefusedFrames,

    /// <summary>A frame that is too large or in too many pieces.</summary>
    FrameTooLarge,

    /// <summary>A socket that was not read.</summary>
    SlowReader,
}
