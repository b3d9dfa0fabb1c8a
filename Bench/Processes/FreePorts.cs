using System.Net;
using System.Net.Sockets;

namespace NewLoom.Bench.Processes;

/// <summary>Ports for servers that this program starts.</summary>
/// <remarks>From below those that the system gives to outgoing connections (from 32768 on Linux): one of these may be
/// taken between the moment it was found free and the server's start. Each is given once, until all were.</remarks>
internal static class FreePorts
{
    private const int First = 10_000;
    private const int Count = 20_000;

    private static int _last = Random.Shared.Next(Count);    // programs that run side by side begin apart

    /// <summary>A port of the loopback interface that nobody uses now.</summary>
    /// <exception cref="BenchException">All are in use.</exception>
    public static int Take()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (Interlocked.Increment(ref _last) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's: the next one.
            }
        }

        throw new BenchException($"No port from {First} to {First + Count - 1} is free.");
    }
}
