using System.Net;
using Microsoft.AspNetCore.Http;

namespace NewLoom.Gateway.Hosting;

/// <summary>The addresses that a process is to answer HTTP on, looked at before anything starts.</summary>
/// <remarks>Kestrel would find most of this out later, in several ways, and take a port that is no number for a part of
/// the host's name.</remarks>
internal static class ListenUrls
{
    /// <summary>The key that they are configured with, unless Kestrel's endpoints are.</summary>
    public static readonly string Key = WebHostDefaults.ServerUrlsKey;

    /// <summary>Where endpoints with certificates of their own are configured; they replace <see cref="Key"/>.</summary>
    public const string EndpointsKey = "Kestrel:Endpoints";

    private const string Default = "http://localhost:8000";

    private static readonly string[] CertificateFiles = ["Path", "KeyPath"];

    /// <summary>Refuses addresses that cannot work; without any, the process listens on port 8000 of the loopback
    /// interface.</summary>
    /// <exception cref="ConfigurationException">One is not an address, or cannot be listened on, or its certificate's
    /// file cannot be read.</exception>
    public static void UseListenUrls(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var ports = new HashSet<int>();
        var endpoints = configuration.GetSection(EndpointsKey).GetChildren().ToList();
        var urls = configuration[Key] is { Length: > 0 } configured ? configured : null;
        if (endpoints.Count == 0)
        {
            foreach (var url in (urls ?? Default).Split(
                ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                ports.Add(Check(Key, url));
            }
        }

        CheckCertificate(configuration.GetSection("Kestrel:Certificates:Default"));
        foreach (var endpoint in endpoints)
        {
            ports.Add(Check($"{endpoint.Path}:Url", endpoint["Url"] ?? ""));
            CheckCertificate(endpoint.GetSection("Certificate"));
        }

        ManagementPort.Check(configuration, ports);
        if (endpoints.Count == 0 && urls is null)
        {
            builder.WebHost.UseUrls(Default);
        }
    }

    /// <returns>The port; 0 when it has none.</returns>
    private static int Check(string key, string url)
    {
        var address = Parse(key, url);
        if (address.IsUnixPipe || address.IsNamedPipe)
        {
            return 0;
        }

        TcpPort.EnsureFree($"{key}: {url}", IpOf(address.Host), address.Port);
        return address.Port;
    }

    private static void CheckCertificate(IConfigurationSection certificate)
    {
        foreach (var file in CertificateFiles.Where(file => certificate[file] is not null))
        {
            try
            {
                // Kestrel looks there too.
                File.OpenRead(Path.Combine(AppContext.BaseDirectory, certificate[file]!)).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ConfigurationException($"{certificate.Path}:{file} cannot be read: {e.Message}");
            }
        }
    }

    private static BindingAddress Parse(string key, string url)
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
                $"{key} must hold addresses such as http://localhost:8000, but one is '{url}'.");
    }

    private static IPAddress IpOf(string host) =>
        host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var ip) ? ip : IPAddress.Any;
}
