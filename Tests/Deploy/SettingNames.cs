using NewLoom.Gateway.Hosting;
using NewLoom.Silo;

namespace NewLoom.Tests.Deploy;

/// <summary>The environment variables that the programs read.</summary>
internal static class SettingNames
{
    // Read in their place, and not as a property of a class of settings.
    private static readonly string[] Single =
    [
        "ASPNETCORE_URLS", "NewLoom__Gateway__Enabled",
        VariableOf(ClusterSettings.DatabaseKey), VariableOf(ClusterSettings.SecretKey),
    ];

    private static readonly HashSet<string> Bound =
    [
        .. from type in typeof(ClusterSettings).Assembly.GetTypes().Concat(typeof(SiloOptions).Assembly.GetTypes())
           where type.Name.EndsWith("Options", StringComparison.Ordinal) || type == typeof(ClusterSettings)
           from property in type.GetProperties()
           select VariableOf($"{OptionSections.Of(type)}:{property.Name}"),
    ];

    /// <summary>Whether a program reads the variable; an item of a list is its list.</summary>
    public static bool Contains(string variable) => Single.Contains(variable) || Bound.Contains(WithoutIndex(variable));

    private static string VariableOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    private static string WithoutIndex(string variable)
    {
        var parts = variable.Split("__");
        return int.TryParse(parts[^1], out _) ? string.Join("__", parts[..^1]) : variable;
    }
}
