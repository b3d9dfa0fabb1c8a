using Microsoft.Extensions.Options;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Closes the sockets in batches when the process stops, and tells extended clients when to come
/// back.</summary>
/// <remarks>Kestrel does not wait for WebSockets, so this runs before it stops.</remarks>
internal sealed class Drain(SocketRegistry registry, IOptions<DrainOptions> options, TimeProvider time)
    : IHostedLifecycleService
{
    private const int BatchCount = 20;

    /// <summary>How long a frame that is being handled is waited for, so that its sender hears what came of it.</summary>
    private static readonly TimeSpan FrameLimit = TimeSpan.FromSeconds(2);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Whoever comes later would never be closed, and would hold up the end of the process.
        registry.BeginDrain();
        var sockets = registry.All.ToList();

        // One socket has nobody to be spread from; the window is for crowds.
        var batches = sockets.Chunk(Math.Max(1, (sockets.Count + BatchCount - 1) / BatchCount)).ToList();
        var interval = options.Value.Window / BatchCount;
        for (var i = 0; i < batches.Count; i++)
        {
            Announce(batches[i], i * interval, interval);
        }

        for (var i = 0; i < batches.Count; i++)
        {
            if (i > 0)
            {
                await Task.Delay(interval, time, cancellationToken);
            }

            foreach (var socket in batches[i])
            {
                socket.CloseAfterFrame(CloseCode.GoingAway);
            }
        }

        if (sockets.Exists(socket => !socket.IsClosing))
        {
            await Task.Delay(FrameLimit, time, cancellationToken);
            sockets.ForEach(socket => socket.Close(CloseCode.GoingAway));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Tells a batch when to come back: shortly before it is closed, so that nobody is left without a
    /// socket.</summary>
    private static void Announce(IEnumerable<ClientSocket> batch, TimeSpan closing, TimeSpan interval)
    {
        foreach (var socket in batch.Where(socket => socket.IsExtended))
        {
            var after = closing - (Random.Shared.NextDouble() * interval);
            socket.Send(new DisconnectNotice("draining", (long)Math.Max(0, after.TotalMilliseconds)));
        }
    }
}
