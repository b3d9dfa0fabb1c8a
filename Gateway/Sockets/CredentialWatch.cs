using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Security;
using NewLoom.Users;

namespace NewLoom.Gateway.Sockets;

/// <summary>Ends the sockets whose credential has ended: expired, revoked, logged out.</summary>
/// <remarks>Nothing is asked for a frame. Time is looked at each second; what ends earlier is told by an event; and each
/// credential with open sockets is asked about from time to time, for ends that nobody tells.</remarks>
internal sealed partial class CredentialWatch(
    SocketRegistry registry, EndedCredentials ended, CredentialChecks checks, TimeProvider time,
    ILogger<CredentialWatch> logger) : BackgroundService
{
    /// <summary>Credentials that are asked about at once.</summary>
    private const int AskedCount = 16;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>Ends the sockets that rest on the credential.</summary>
    public void End(CredentialEnded item)
    {
        ended.Note(item);
        foreach (var socket in registry.Of(item.User).Where(socket => EndedCredentials.Ends(item, socket.Identity)))
        {
            Expire(socket);
        }
    }

    /// <summary>Ends the socket if its credential ended before the socket could be told of it.</summary>
    public void Look(ClientSocket socket)
    {
        if (ended.Has(socket.Identity) || IsExpired(socket))
        {
            Expire(socket);
        }
    }

    /// <summary>Asks about all credentials soon, after events were lost.</summary>
    public void AskAll()
    {
        foreach (var socket in registry.All)
        {
            socket.CheckIsDue = true;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ExpireAsync(stoppingToken), AskAsync(stoppingToken));

    private async Task ExpireAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var socket in registry.All.Where(IsExpired))
            {
                Expire(socket);
            }
        }
    }

    private async Task AskAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var due = registry.All.Where(IsDue).GroupBy(socket => socket.Identity.Handle!).ToList();
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = AskedCount, CancellationToken = stoppingToken },
                async (sockets, token) => await AskAsync(sockets.Key, sockets, token));
        }
    }

    private async Task AskAsync(
        CredentialHandle handle, IEnumerable<ClientSocket> sockets, CancellationToken cancellationToken)
    {
        try
        {
            var holds = await checks.HoldsAsync(handle, cancellationToken);
            foreach (var socket in sockets.Where(socket => socket.Identity.Handle == handle))
            {
                socket.NoteCheck();
                if (!holds)
                {
                    Expire(socket);
                }
            }
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            foreach (var socket in sockets)
            {
                socket.NoteCheck();    // nobody is thrown out because storage is away
            }

            if (!Faults.IsKnown(e))
            {
                Log.CheckFailed(logger, handle.Kind, e.Message);
            }
        }
    }

    private bool IsDue(ClientSocket socket) =>
        !socket.IsClosing
        && socket.Identity.Handle is { } handle
        && (socket.CheckIsDue || socket.SinceCheck >= checks.IntervalOf(handle));

    private bool IsExpired(ClientSocket socket) =>
        socket.Identity.ExpiresAt is { } expiresAt && expiresAt <= time.GetUtcNow();

    private static void Expire(ClientSocket socket)
    {
        socket.Send(Errors.AuthenticationExpired);
        if (socket.Close(CloseCode.Authentication))
        {
            socket.NoteRefusal(RefusalKind.AuthenticationExpired);
        }
    }
}
