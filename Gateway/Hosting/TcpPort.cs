using System.Net;
using System.Net.Sockets;

namespace NewLoom.Gateway.Hosting;

/// <summary>Tries TCP ports, so that an occupied one is told in one sentence before the start.</summary>
internal static class TcpPort
{
    /// <summary>The highest port.</summary>
    public const int Max = IPEndPoint.MaxPort;

    /// <summary>Listens for a moment; 0 is any port.</summary>
    /// <param name="setting">Key and value, for the message.</param>
    /// <param name="address">Where to listen.</param>
    /// <param name="port">The port.</param>
    /// <exception cref="ConfigurationException">The port is taken or the address is not this machine's.</exception>
    public static void EnsureFree(string setting, IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new ConfigurationException($"{setting} cannot be used: {e.Message}.");
        }
    }
}
