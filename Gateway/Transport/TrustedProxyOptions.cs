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

    public ValidateOptionsResult Validate(string? name, TrustedProxyOptions options)
    {
        if (configuration[$"{TrustedProxyOptions.SectionName}:{Key}"] is { Length: > 0 })
        {
            return ValidateOptionsResult.Fail($"{Key} must be a list: {Key}:0, {Key}:1 and so on.");
        }

        var wrong = Array.FindIndex(options.TrustedProxies, proxy => TrustedProxyOptions.Parse(proxy) is null);
        return wrong < 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{Key}:{wrong} must be an address or a network such as 10.0.0.0/8, but is " +
                $"'{options.TrustedProxies[wrong]}'.");
    }
}
