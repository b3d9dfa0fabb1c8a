using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Sockets;

/// <summary>How a stopping gateway sends its clients away. Bound from <c>NewLoom:Drain</c>.</summary>
public sealed class DrainOptions
{
    /// <summary>Over how long the closes, and the reconnects they cause, are spread. (default: 2 s; 0 to 10
    /// min)</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(2);
}

internal sealed class DrainOptionsValidator : IValidateOptions<DrainOptions>
{
    public ValidateOptionsResult Validate(string? name, DrainOptions options) =>
        options.Window >= TimeSpan.Zero && options.Window <= TimeSpan.FromMinutes(10)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Window must be from 0 to 10 minutes, but is {options.Window}");
}
