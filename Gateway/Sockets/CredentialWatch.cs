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

    /// <summary>When to ask again after nobody could answer.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    /// <summary>With the sweep's second it is within the 2 s in which an expired credential ends its sockets.</summary>
    private static readonly TimeSpan ExpiryLimit = TimeSpan.FromSeconds(0.8);

    /// <summary>Ends the sockets that rest on the credential.</summary>
    public void End(CredentialEnded item)
    {
        ended.Note(item);
        foreach (var socket in registry.Of(item.User).Where(socket => EndedCredentials.Ends(item, socket.Identity)))
        {
            Expire(socket);
        }
    }

    /// <summary>Takes a socket whose identity has just been verified into its care, and ends it if that ended
    /// meanwhile.</summary>
    /// <param name="socket">The socket, entered already.</param>
    /// <param name="since">A timestamp from before it was verified.</param>
    public void Look(ClientSocket socket, long since)
    {
        var identity = socket.Identity;
        if (identity.Handle is { } handle)
        {
            socket.AskIn(checks.IntervalOf(handle));
        }

        if (ended.Has(identity, since) || IsExpired(identity))
        {
            Expire(socket);
        }
    }

    /// <summary>Asks about all credentials soon, after events were lost.</summary>
    public void AskAll()
    {
        foreach (var socket in registry.All)
        {
            socket.AskIn(TimeSpan.Zero);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RepeatAsync(ExpireAsync, stoppingToken),
        RepeatAsync(token => AskAsync((socket, _) => socket.IsAskDue, token), stoppingToken));

    private async Task RepeatAsync(Func<CancellationToken, Task> sweep, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await sweep(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.SweepFailed(logger, e);    // whatever it was, credentials go on ending
            }
        }
    }

    private async Task ExpireAsync(CancellationToken stoppingToken)
    {
        if (registry.All.Any(socket => IsExpired(socket.Identity) && CanBeProlonged(socket.Identity)))
        {
            await AskExpiredAsync(stoppingToken);
        }

        foreach (var socket in registry.All.Where(socket => IsExpired(socket.Identity)))
        {
            Expire(socket);
        }
    }

    /// <summary>Asks whether what seems to have expired was prolonged. Who does not answer in time says no.</summary>
    private async Task AskExpiredAsync(CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(ExpiryLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        try
        {
            await AskAsync(
                (_, identity) => IsExpired(identity) && CanBeProlonged(identity), either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Log.CheckFailed(logger, "expired", "no answer in time");
        }
    }

    private Task AskAsync(Func<ClientSocket, Identity, bool> isDue, CancellationToken cancellationToken)
    {
        // The identity is read once: its socket may get another one at any moment.
        var due = registry.All
            .Where(socket => !socket.IsClosing)
            .Select(socket => (Socket: socket, socket.Identity))
            .Where(each => each.Identity.Handle is not null && isDue(each.Socket, each.Identity))
            .GroupBy(each => each.Identity.Handle!, each => each.Socket)
            .ToList();
        return Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = AskedCount, CancellationToken = cancellationToken },
            async (sockets, token) => await AskAsync(sockets.Key, sockets, token));
    }

    private async Task AskAsync(
        CredentialHandle handle, IEnumerable<ClientSocket> sockets, CancellationToken cancellationToken)
    {
        try
        {
            var standing = await checks.FindAsync(handle, cancellationToken);
            foreach (var socket in sockets)
            {
                Note(standing, handle, socket);
            }
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            // Nobody is thrown out because storage is away.
            foreach (var socket in sockets)
            {
                socket.AskIn(RetryInterval);
            }

            if (!Faults.IsKnown(e))
            {
                Log.CheckFailed(logger, handle.Kind, e.Message);
            }
        }
    }

    private void Note(Standing? standing, CredentialHandle handle, ClientSocket socket)
    {
        var identity = socket.Identity;
        if (identity.Handle != handle)
        {
            return;    // it rests on another one by now
        }

        socket.AskIn(checks.IntervalOf(handle));
        if (standing is null)
        {
            Expire(socket);
        }
        else if (standing.Value.ExpiresAt is { } expiresAt)
        {
            socket.Prolong(identity, expiresAt);
        }
    }

    private bool CanBeProlonged(Identity identity) =>
        identity.Handle is { } handle && checks.CanBeProlonged(handle);

    private bool IsExpired(Identity identity) => identity.ExpiresAt is { } expiresAt && expiresAt <= time.GetUtcNow();

    private static void Expire(ClientSocket socket)
    {
        socket.Send(Errors.AuthenticationExpired);
        if (socket.Close(CloseCode.Authentication))
        {
            socket.NoteRefusal(RefusalKind.AuthenticationExpired);
        }
    }
}
