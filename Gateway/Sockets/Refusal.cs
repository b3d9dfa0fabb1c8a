using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Why a socket is not let in: what it is told, and how it is closed.</summary>
internal sealed record Refusal(ErrorNotice Error, CloseCode Code)
{
    /// <summary>A credential that is missing, wrong, expired or not one for this kind of socket.</summary>
    public static readonly Refusal Authentication = new(Errors.AuthenticationFailed, CloseCode.Authentication);

    /// <summary>Storage or cluster cannot take the socket now.</summary>
    public static readonly Refusal Unavailable = new(Errors.Unavailable(Faults.RetryAfter), CloseCode.GoingAway);
}
