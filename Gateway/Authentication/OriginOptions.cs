using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Authentication;

/// <summary>Whose pages may speak to the service. Configuration section <c>NewLoom</c>.</summary>
internal sealed class OriginOptions
{
    /// <summary>Where these options are configured.</summary>
    public const string SectionName = "NewLoom";

    /// <summary>Origins as browsers send them, <c>scheme://host[:port]</c>, beside that of the service itself.
    /// (default: none)</summary>
    public IList<string> AllowedOrigins { get; } = [];
}

internal sealed class OriginOptionsValidator(IConfiguration configuration) : IValidateOptions<OriginOptions>
{
    private const string Key = nameof(OriginOptions.AllowedOrigins);

    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        if (ListSetting.FindProblem(configuration, OriginOptions.SectionName, Key) is { } problem)
        {
            return ValidateOptionsResult.Fail(problem);
        }

        return options.AllowedOrigins.FirstOrDefault(origin => Origin.Parse(origin) is null) is { } wrong
            ? ValidateOptionsResult.Fail(
                $"{Key} must hold origins such as https://chat.example.org, but one is '{wrong}'.")
            : ValidateOptionsResult.Success;
    }
}
