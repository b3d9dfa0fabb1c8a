using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Pings every open socket, and closes those that have fallen silent.</summary>
internal sealed class Heartbeats(SocketRegistry registry, TimeProvider time) : BackgroundService
{
    /// <summary>How often a socket is pinged.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(25);

    /// <summary>How long nothing may arrive.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    /// <summary>An empty ping (RFC 6455 §5.5.2).</summary>
    private static readonly EncodedFrame Ping = EncodedFrame.Control([0x89, 0x00]);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var socket in registry.All)
            {
                Attend(socket);
            }
        }
    }

    private static void Attend(ClientSocket socket)
    {
        if (socket.Silence > SilenceMax)
        {
            socket.Close(CloseCode.HeartbeatLost);
        }
        else if (socket.IsPingDue(PingInterval))
        {
            socket.Send(Ping);
        }
    }
}
