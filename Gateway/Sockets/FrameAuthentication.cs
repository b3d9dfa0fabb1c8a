using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Limits;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Sockets;

/// <summary>Tokens that come in frames: the first one of a socket, or a fresh one before the old one ends.</summary>
internal sealed class FrameAuthentication(
    TokenAuthenticator tokens, AddressLimits addresses, SecurityEvents events, CredentialWatch credentials,
    IdentityMetrics metrics)
{
    /// <summary>Who the frame's token names, or null: none, a wrong one, or one that is not for such a
    /// socket.</summary>
    public async Task<Identity?> VerifyAsync(ClientSocket socket, AuthenticateFrame? frame)
    {
        var identity = frame is null ? null : await tokens.AuthenticateAsync(frame.Token, socket.Ending);
        if (frame is not null)
        {
            metrics.Authenticated("frame", identity is not null);
        }

        if (identity is not null && identity.User.Length > 0 && socket.Session.Kind.Admits(identity))
        {
            return identity;
        }

        if (frame is not null)
        {
            addresses.CountFailure(socket.Address);
        }

        events.Refused(RefusalKind.AuthenticationFailed, identity?.User, socket.Address);
        return null;
    }

    /// <summary>Lets an open socket rest on a fresh token of the same user.</summary>
    /// <returns>Why it may not try now, or null. A token that fails ends the socket.</returns>
    public async ValueTask<ErrorNotice?> RenewAsync(ClientSocket socket, AuthenticateFrame frame)
    {
        if (addresses.FindBlock(socket.Address) is { } wait)
        {
            return Errors.RateLimited(wait);
        }

        var identity = await VerifyAsync(socket, frame);
        if (identity is null || identity.User != socket.User)
        {
            socket.Send(Errors.AuthenticationFailed with { RequestId = frame.RequestId });
            socket.Close(CloseCode.Authentication);
            return null;
        }

        socket.Identity = identity;
        credentials.Look(socket);
        socket.Send(AuthenticatedReply.To(socket, frame.RequestId));
        return null;
    }
}
