using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Transport;

/// <summary>The service as a developer starts it, but over TLS alone, with a certificate that it signed itself.</summary>
public sealed class TlsService : DevelopmentFixture
{
    private readonly CertificateFiles _files;

    public TlsService()
        : this(new CertificateFiles())
    {
    }

    private TlsService(CertificateFiles files)
        : base(new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = null,
            ["Kestrel__Endpoints__Https__Url"] = "https://127.0.0.1:{port}",
            ["Kestrel__Endpoints__Https__Certificate__Path"] = files.PathOf("cert.pem"),
            ["Kestrel__Endpoints__Https__Certificate__KeyPath"] = files.PathOf("key.pem"),
        }) => _files = files;

    public Uri HttpsUri => new($"https://127.0.0.1:{Service.Port}/");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _files.Dispose();
    }

    /// <summary>The user's chat socket, with the token that was printed.</summary>
    public Uri SocketUrl(string username) => new($"wss://127.0.0.1:{Service.Port}/ws/chat/{PageUrl(username).Query}");

    /// <summary>Connects to whoever has the certificate, and to nobody else.</summary>
    public HttpClient Http() => new(_files.Certificate.Handler()) { BaseAddress = HttpsUri };

    public bool IsOurs(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        _files.Certificate.IsOurs(sender, shown, chain, errors);

    /// <summary>A certificate for the loopback address and its key, in a folder of their own.</summary>
    private sealed class CertificateFiles : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("newloom-tls-");

        public CertificateFiles() =>
            Certificate = new SelfSignedCertificate(IPAddress.Loopback, PathOf("cert.pem"), PathOf("key.pem"));

        public SelfSignedCertificate Certificate { get; }

        public string PathOf(string file) => Path.Combine(_folder.FullName, file);

        public void Dispose()
        {
            Certificate.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}
