using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Limits;

/// <summary>What an address may do before anybody knows who is behind it. Configuration section
/// <c>NewLoom:Limits</c>.</summary>
public sealed class AddressLimitOptions
{
    /// <summary>Where these options are configured.</summary>
    public const string SectionName = "NewLoom:Limits";

    /// <summary>Failed authentications of an address in a minute; after them its credentials are answered with HTTP 429
    /// unread. (default: 20)</summary>
    [Range(1, 1_000_000)]
    public int FailedAuthenticationsPerMinute { get; set; } = 20;

    /// <summary>Open sockets of an address that have not authenticated; one more gets HTTP 429. (default: 20)</summary>
    [Range(1, 1_000_000)]
    public int UnauthenticatedSockets { get; set; } = 20;

    /// <summary>How long a socket may stay without authenticating. (default: 10 s; 1 s to 10 min)</summary>
    public TimeSpan AuthenticationTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class AddressRangesValidator : IValidateOptions<AddressLimitOptions>;

internal sealed class AddressLimitOptionsValidator : IValidateOptions<AddressLimitOptions>
{
    private static readonly AddressRangesValidator Ranges = new();

    public ValidateOptionsResult Validate(string? name, AddressLimitOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        result.AddResult(Ranges.Validate(name, options));
        if (options.AuthenticationTimeout < TimeSpan.FromSeconds(1)
            || options.AuthenticationTimeout > TimeSpan.FromMinutes(10))
        {
            result.AddError(
                $"AuthenticationTimeout must be from 1 second to 10 minutes, but is {options.AuthenticationTimeout}");
        }

        return result.Build();
    }
}
