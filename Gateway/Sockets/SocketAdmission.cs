using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Security;
using NewLoom.Users;

namespace NewLoom.Gateway.Sockets;

/// <summary>Lets sockets in whose user is known: counts them, enters them, subscribes them; and takes them out
/// again.</summary>
internal sealed partial class SocketAdmission(
    IGrainFactory grains, GatewayIdentity gateway, SocketRegistry registry, CredentialWatch credentials,
    SecurityEvents events, ILogger<SocketAdmission> logger)
{
    /// <summary>When a user with too many sockets may try another: about when a dead one is given up.</summary>
    private static readonly TimeSpan SocketRetryAfter = TimeSpan.FromSeconds(60);

    /// <summary>Lets the socket in. Whatever comes of it, <see cref="LeaveAsync"/> must follow.</summary>
    /// <returns>What an extended client is told first, or why the socket is refused.</returns>
    public async Task<(WelcomeNotice? Welcome, Refusal? Refusal)> EnterAsync(
        ClientSocket socket, Identity identity, CancellationToken cancellationToken)
    {
        socket.Identity = identity;
        if (!socket.HasValidScope)
        {
            var name = socket.Session.Kind.ScopeParameter;
            var error = Errors.InvalidFormat($"{name} must be 'none' or ids with commas between them");
            return (null, new Refusal(error, CloseCode.Refused));
        }

        if (!await UserOf(socket).OpenAsync(gateway.Id, socket.ConnectionId, cancellationToken))
        {
            events.Refused(RefusalKind.OpenSockets, socket.User, socket.Address);
            var error = Errors.RateLimited(SocketRetryAfter) with { Detail = "too many open sockets" };
            return (null, new Refusal(error, CloseCode.TooMany));
        }

        registry.Add(socket);
        credentials.Look(socket);
        return (await socket.Session.OpenAsync(cancellationToken), null);
    }

    /// <summary>Goes on with what had to wait until the socket could speak.</summary>
    public async Task StartAsync(ClientSocket socket)
    {
        try
        {
            await socket.Session.StartAsync(socket.Ending);
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            Log.StartFailed(logger, e.Message);
            socket.Close(CloseCode.GoingAway);
        }
        catch (OperationCanceledException) when (socket.IsClosing)
        {
            // The client did not wait for all that it receives.
        }
    }

    /// <summary>Takes the socket out, also one that was let in by half: the user's grain may have counted it all the
    /// same.</summary>
    public async Task LeaveAsync(ClientSocket socket)
    {
        registry.Remove(socket);
        socket.Session.Forget();
        try
        {
            await Task.WhenAll(
                UserOf(socket).CloseAsync(gateway.Id, socket.ConnectionId), socket.Session.EndAsync());
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            if (!Faults.IsKnown(e))
            {
                Log.CloseNotTold(logger, socket.ConnectionId, e.Message);
            }
        }
    }

    private IUserSocketsGrain UserOf(ClientSocket socket) =>
        grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(socket.User));
}
