using System.Net;
using System.Net.Sockets;

namespace NewLoom.Silo;

/// <summary>Reads what must be known before anything starts, and refuses what cannot work.</summary>
internal static class SiloSettings
{
    private const string Section = "NewLoom";

    /// <exception cref="ConfigurationException">A value is wrong, or a port is taken.</exception>
    public static SiloOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var options = new SiloOptions
        {
            Storage = Choice<StorageKind>(section, nameof(SiloOptions.Storage)),
            Clustering = Choice<ClusteringKind>(section, nameof(SiloOptions.Clustering)),
        };
        options.SiloPort = Port(section, nameof(SiloOptions.SiloPort), options.SiloPort);
        options.OrleansGatewayPort = Port(section, nameof(SiloOptions.OrleansGatewayPort), options.OrleansGatewayPort);
        return options;
    }

    private static T Choice<T>(IConfigurationSection section, string name)
        where T : struct, Enum
    {
        var text = section[name];
        if (text is null)
        {
            return default;
        }

        return Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new ConfigurationException(
                $"{Section}:{name} must be {string.Join(" or ", Enum.GetNames<T>())}, but is '{text}'.");
    }

    private static int Port(IConfigurationSection section, string name, int otherwise)
    {
        var text = section[name];
        var port = otherwise;
        if (text is not null && (!int.TryParse(text, out port) || port is < 1 or > 65_535))
        {
            throw new ConfigurationException($"{Section}:{name} must be a port from 1 to 65535, but is '{text}'.");
        }

        try
        {
            // Orleans would say this with a stack trace, and only once the rest has started.
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new ConfigurationException($"{Section}:{name}: port {port} cannot be used: {e.Message}.");
        }

        return port;
    }
}
