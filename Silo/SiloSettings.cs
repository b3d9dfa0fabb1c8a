using System.Net;
using NewLoom.Gateway.Hosting;

namespace NewLoom.Silo;

/// <summary>Reads what must be known before anything starts, and refuses what cannot work.</summary>
internal static class SiloSettings
{
    private const string StorageKey = $"{ClusterSettings.Section}:{nameof(SiloOptions.Storage)}";
    private const string SiloPortKey = $"{ClusterSettings.Section}:{nameof(SiloOptions.SiloPort)}";
    private const string AddressKey = $"{ClusterSettings.Section}:{nameof(SiloOptions.AdvertisedAddress)}";

    /// <exception cref="ConfigurationException">A value is wrong, or a port is taken.</exception>
    public static SiloOptions Read(IConfiguration configuration)
    {
        var storage = Settings.Choice<StorageKind>(configuration, StorageKey);
        var cluster = ClusterSettings.Read(configuration);
        if (cluster.Clustering == ClusteringKind.PostgreSql && storage == StorageKind.Sqlite)
        {
            throw new ConfigurationException(
                $"{StorageKey} must be PostgreSql when {ClusterSettings.ClusteringKey} is: silos share one database.");
        }

        var options = new SiloOptions
        {
            Cluster = cluster,
            Storage = storage,
            AdvertisedAddress = Address(configuration, cluster.Clustering),
            SiloPort = Settings.Port(configuration, SiloPortKey, 11_111),
        };
        EnsureFree(SiloPortKey, options.AdvertisedAddress, options.SiloPort);
        EnsureFree(ClusterSettings.OrleansGatewayPortKey, options.AdvertisedAddress, cluster.OrleansGatewayPort);
        return cluster.OrleansGatewayPort != options.SiloPort
            ? options
            : throw new ConfigurationException(
                $"{ClusterSettings.OrleansGatewayPortKey} must differ from {SiloPortKey}, but both are " +
                $"{options.SiloPort}.");
    }

    private static IPAddress Address(IConfiguration configuration, ClusteringKind clustering)
    {
        if (configuration[AddressKey] is not { } text)
        {
            return clustering == ClusteringKind.Localhost
                ? IPAddress.Loopback
                : OwnAddress.Find() ?? throw new ConfigurationException(
                    $"{AddressKey} must be set: this machine has no address but the loopback interface's.");
        }

        if (!IPAddress.TryParse(text, out var address) || address.Equals(IPAddress.Any)
            || address.Equals(IPAddress.IPv6Any))
        {
            throw new ConfigurationException($"{AddressKey} must be an IP address of this machine, but is '{text}'.");
        }

        return clustering == ClusteringKind.PostgreSql || IPAddress.IsLoopback(address)
            ? address
            : throw new ConfigurationException(
                $"{AddressKey} needs {ClusterSettings.ClusteringKey}={nameof(ClusteringKind.PostgreSql)}: one silo " +
                $"alone listens on the loopback interface.");
    }

    /// <summary>Orleans would say this with a stack trace, and only once the rest has started.</summary>
    private static void EnsureFree(string key, IPAddress address, int port) => TcpPort.EnsureFree(
        IPAddress.IsLoopback(address) ? $"{key}: port {port}" : $"{key}: port {port} of {address} ({AddressKey})",
        address,
        port);
}
