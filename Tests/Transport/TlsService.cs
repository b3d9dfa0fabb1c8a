using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Transport;

/// <summary>The service as a developer starts it, but over TLS alone, with a certificate that it signed itself.</summary>
public sealed partial class TlsService : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("newloom-tls-");
    private readonly SelfSignedCertificate _certificate;

    public TlsService()
    {
        _certificate = new SelfSignedCertificate(IPAddress.Loopback, PathOf("cert.pem"), PathOf("key.pem"));
        Service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["NewLoom__AdminToken"] = null,
            ["ASPNETCORE_URLS"] = null,
            ["Kestrel__Endpoints__Https__Url"] = "https://127.0.0.1:{port}",
            ["Kestrel__Endpoints__Https__Certificate__Path"] = PathOf("cert.pem"),
            ["Kestrel__Endpoints__Https__Certificate__KeyPath"] = PathOf("key.pem"),
        });
    }

    public ServiceProcess Service { get; }

    public Uri HttpsUri => new($"https://127.0.0.1:{Service.Port}/");

    public async ValueTask InitializeAsync() => await Service.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>The page's URL that was printed for the user.</summary>
    public Uri PageUrl(string username) =>
        new(PageUrls().Matches(Service.Output).Last(match => match.Groups["user"].Value == username).Groups["url"].Value);

    /// <summary>The user's chat socket, with the token that was printed.</summary>
    public Uri SocketUrl(string username) => new($"wss://127.0.0.1:{Service.Port}/ws/chat/{PageUrl(username).Query}");

    /// <summary>Connects to whoever has the certificate, and to nobody else.</summary>
    public HttpClient Http() => new(_certificate.Handler()) { BaseAddress = HttpsUri };

    public bool IsOurs(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        _certificate.IsOurs(sender, shown, chain, errors);

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    [GeneratedRegex(@"^ +(?<user>\w+): (?<url>https\S+)$", RegexOptions.Multiline)]
    private static partial Regex PageUrls();
}
