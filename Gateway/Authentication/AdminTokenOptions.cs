using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Authentication;

/// <summary>The first administrator. Configuration section <c>NewLoom</c>.</summary>
internal sealed class AdminTokenOptions
{
    /// <summary>Where these options are configured.</summary>
    public const string SectionName = "NewLoom";

    /// <summary>A token that may manage users and never expires; none when null. (default: null)</summary>
    public string? AdminToken { get; set; }
}

internal sealed class AdminTokenOptionsValidator : IValidateOptions<AdminTokenOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminTokenOptions options) =>
        options.AdminToken is { } token && string.IsNullOrWhiteSpace(token)
            ? ValidateOptionsResult.Fail("AdminToken must hold a token, or be left out.")
            : ValidateOptionsResult.Success;
}
