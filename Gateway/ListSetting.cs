namespace NewLoom.Gateway;

/// <summary>Configuration values that are lists.</summary>
internal static class ListSetting
{
    /// <summary>What is wrong with a list that was given as one value, which the binder passes over; else null.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="section">Where the list is.</param>
    /// <param name="key">What it is called there.</param>
    public static string? FindProblem(IConfiguration configuration, string section, string key) =>
        configuration[$"{section}:{key}"] is { Length: > 0 }
            ? $"{key} must be a list ({section}:{key}:0 and so on), but is one value."
            : null;
}
