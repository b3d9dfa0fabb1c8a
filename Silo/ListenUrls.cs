using System.Net;
using Microsoft.AspNetCore.Http;

namespace NewLoom.Silo;

/// <summary>The addresses that the gateway is to listen on, looked at before anything starts.</summary>
/// <remarks>Kestrel would find most of this out later, in several ways, and take a port that is no number for a part of
/// the host's name.</remarks>
internal static class ListenUrls
{
    /// <summary>The key that they are configured with.</summary>
    public static readonly string Key = WebHostDefaults.ServerUrlsKey;

    /// <summary>Refuses addresses that cannot work.</summary>
    /// <param name="urls">With semicolons between them.</param>
    /// <exception cref="ConfigurationException">One is not an address, or cannot be listened on.</exception>
    public static void Check(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = Parse(url);
            if (!address.IsUnixPipe && !address.IsNamedPipe)
            {
                TcpPort.EnsureFree($"{Key}: {url}", IpOf(address.Host), address.Port);
            }
        }
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            var hasPort = address.IsUnixPipe || address.IsNamedPipe
                || (address.Port is >= 0 and <= TcpPort.Max && (address.Host[0] == '[' || !address.Host.Contains(':')));
            if (address.Scheme is "http" or "https" && hasPort && address.PathBase.Length == 0)
            {
                return address;
            }
        }
        catch (FormatException)
        {
            // Said below.
        }

        throw new ConfigurationException(
                $"{Key} must hold addresses such as http://localhost:8000, but one is '{url}'.");
    }

    private static IPAddress IpOf(string host) =>
        host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var ip) ? ip : IPAddress.Any;
}
