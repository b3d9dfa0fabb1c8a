using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace NewLoom.Silo;

/// <summary>Finds an address under which other machines may reach this one.</summary>
internal static class OwnAddress
{
    /// <summary>The first IPv4 address of an interface that is up and not the loopback one, or null.</summary>
    public static IPAddress? Find() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up
            && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);
}
