using System.Net;

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
        return options.OrleansGatewayPort != options.SiloPort
            ? options
            : throw new ConfigurationException(
                $"{Section}:{nameof(SiloOptions.OrleansGatewayPort)} must differ from " +
                $"{Section}:{nameof(SiloOptions.SiloPort)}, but both are {options.SiloPort}.");
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
        if (text is not null && (!int.TryParse(text, out port) || port is < 1 or > TcpPort.Max))
        {
            throw new ConfigurationException($"{Section}:{name} must be a port from 1 to 65535, but is '{text}'.");
        }

        // Orleans would say this with a stack trace, and only once the rest has started.
        TcpPort.EnsureFree($"{Section}:{name}: port {port}", IPAddress.Loopback, port);
        return port;
    }
}
