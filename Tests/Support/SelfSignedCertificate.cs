using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NewLoom.Tests.Support;

/// <summary>A certificate for one address that vouches for itself, good for a day, with its key as PEM files.</summary>
public sealed class SelfSignedCertificate : IDisposable
{
    private readonly X509Certificate2 _certificate;

    /// <param name="address">The address that it is for.</param>
    /// <param name="certificatePath">Where it is written.</param>
    /// <param name="keyPath">Where its key is written.</param>
    public SelfSignedCertificate(IPAddress address, string certificatePath, string keyPath)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(certificatePath, _certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Connects to whoever has the certificate, and to nobody else.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsOurs },
    };

    /// <summary>Whether it was this one that was shown.</summary>
    public bool IsOurs(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        shown?.GetCertHashString() == _certificate.GetCertHashString();

    public void Dispose() => _certificate.Dispose();
}
