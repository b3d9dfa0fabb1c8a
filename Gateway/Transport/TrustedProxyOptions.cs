using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Transport;

/// <summary>Whose word counts about where a request comes from. Configuration section <c>NewLoom</c>.</summary>
internal sealed class TrustedProxyOptions
{
    /// <summary>Where these options are configured.</summary>
    public const string SectionName = "NewLoom";

    /// <summary>Addresses and networks (<c>10.0.0.0/8</c>) of proxies, whose <c>X-Forwarded-For</c> and
    /// <c>X-Forwarded-Proto</c> are believed. (default: none)</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>A network; an address alone is one too. Null when the text is neither.</summary>
    internal static IPNetwork? Parse(string? text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) && IsWhole(address, text) ? Alone(address)
        : null;

    /// <summary><c>10</c> and <c>10.1</c> would pass for addresses too.</summary>
    private static bool IsWhole(IPAddress address, string text) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text;

    private static IPNetwork Alone(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);
}

internal sealed class TrustedProxyOptionsValidator(IConfiguration configuration)
    : IValidateOptions<TrustedProxyOptions>
{
    private const string Key = nameof(TrustedProxyOptions.TrustedProxies);

    /// <summary>ASP.NET Core's own switch (<c>ASPNETCORE_FORWARDEDHEADERS_ENABLED</c>), which asks for no list.</summary>
    private const string TrustEverybodyKey = "ForwardedHeaders_Enabled";

    public ValidateOptionsResult Validate(string? name, TrustedProxyOptions options)
    {
        if (ListSetting.FindProblem(configuration, TrustedProxyOptions.SectionName, Key) is { } problem)
        {
            return ValidateOptionsResult.Fail(problem);
        }

        if (string.Equals(configuration[TrustEverybodyKey], "true", StringComparison.OrdinalIgnoreCase))
        {
            return ValidateOptionsResult.Fail(
                $"{Key} must name the proxies; {TrustEverybodyKey} would believe every client and cannot be used.");
        }

        var wrong = Array.FindIndex(options.TrustedProxies, proxy => TrustedProxyOptions.Parse(proxy) is null);
        return wrong < 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{Key}:{wrong} must be an address or a network such as 10.0.0.0/8, but is " +
                $"'{options.TrustedProxies[wrong]}'.");
    }
}
