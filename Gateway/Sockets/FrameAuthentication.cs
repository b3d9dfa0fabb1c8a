using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Limits;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Sockets;

/// <summary>Tokens that come in frames: the first one of a socket, or a fresh one before the old one ends.</summary>
internal sealed class FrameAuthentication(
    TokenAuthenticator tokens, AddressLimits addresses, SecurityEvents events, CredentialWatch credentials,
    IdentityMetrics metrics, TimeProvider time)
{
    /// <summary>How long the socket may not try, or null when it may.</summary>
    public TimeSpan? FindBlock(ClientSocket socket) => addresses.FindBlock(socket.Address);

    /// <summary>Who the frame's token names, or null: none, a wrong one, or one that is not for such a socket.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="frame">Its frame; null when it was another one.</param>
    /// <param name="user">Whom it must name; null when anybody may come.</param>
    public async Task<Identity?> VerifyAsync(ClientSocket socket, AuthenticateFrame? frame, string? user = null)
    {
        var identity = frame is null ? null : await tokens.AuthenticateAsync(frame.Token, socket.Ending);
        var isGood = identity is not null && identity.User.Length > 0 && socket.Session.Kind.Admits(identity)
            && (user is null || identity.User == user);
        if (frame is not null)
        {
            metrics.Authenticated("frame", isGood);
        }

        if (isGood)
        {
            return identity;
        }

        if (frame is not null)
        {
            addresses.CountFailure(socket.Address);
        }

        events.Refused(RefusalKind.AuthenticationFailed, user ?? identity?.User, socket.Address);
        return null;
    }

    /// <summary>Lets an open socket rest on a fresh token of the same user.</summary>
    /// <returns>Why it may not try now, or null. A token that fails ends the socket.</returns>
    public async ValueTask<ErrorNotice?> RenewAsync(ClientSocket socket, AuthenticateFrame frame)
    {
        if (FindBlock(socket) is { } wait)
        {
            return Errors.RateLimited(wait);
        }

        var since = time.GetTimestamp();
        var identity = await VerifyAsync(socket, frame, socket.User);
        if (identity is null)
        {
            socket.Send(Errors.AuthenticationFailed with { RequestId = frame.RequestId });
            socket.Close(CloseCode.Authentication);
            return null;
        }

        socket.Identity = identity;
        credentials.Look(socket, since);
        socket.Session.Narrow();
        socket.Send(AuthenticatedReply.To(socket, frame.RequestId));
        return null;
    }
}
