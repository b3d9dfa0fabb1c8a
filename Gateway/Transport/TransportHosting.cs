using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Transport;

/// <summary>Makes connections safe: proxies, headers for browsers, and bounds on what a client may take.</summary>
internal static class TransportHosting
{
    /// <summary>More than a chat or stream with a hundred thousand users of usual names needs; a message needs 48 KiB at
    /// most.</summary>
    public const long RequestBodyBytesMax = 4 * 1_024 * 1_024;

    /// <summary>How long a client may take to send a request's head, a socket's handshake among them.</summary>
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds the options and bounds.</summary>
    /// <remarks>Kestrel's own bounds hold beside them: 10 s for a TLS handshake, 8 KiB for a request line, 32 KiB and 100
    /// for its headers, 240 bytes a second at least for a body.</remarks>
    public static void AddNewLoomTransport(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<TrustedProxyOptions>, TrustedProxyOptionsValidator>();
        builder.Services.AddOptionsWithValidateOnStart<TrustedProxyOptions>()
            .BindConfiguration(TrustedProxyOptions.SectionName);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = RequestHeadersTimeout;
            kestrel.Limits.MaxRequestBodySize = RequestBodyBytesMax;
        });
    }
}
