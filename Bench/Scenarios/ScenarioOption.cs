using System.CommandLine;
using System.Globalization;

namespace NewLoom.Bench.Scenarios;

/// <summary>Options whose values are checked, with a sentence that names the option and the rule.</summary>
public static class ScenarioOption
{
    private const double SecondsMax = 3_600;

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Whole(string name, int usual, int min, int max, string description) =>
        Within(name, usual, min, max, description);

    /// <summary>A number within bounds.</summary>
    public static Option<double> Real(string name, double usual, double min, double max, string description) =>
        Within(name, usual, min, max, description);

    /// <summary>A time in seconds, up to an hour.</summary>
    public static Option<double> Seconds(string name, double usual, string description, double min = 0) =>
        Within(name, usual, min, SecondsMax, $"{description}, in seconds");

    /// <summary>Demands absolute http URLs.</summary>
    public static Option<string[]> MustBeHttp(this Option<string[]> option)
    {
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!Uri.TryCreate(token.Value, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp)
                {
                    result.AddError($"{option.Name} must be a URL that starts with http://, not '{token.Value}'.");
                }
            }
        });
        return option;
    }

    /// <summary>Demands process ids, separated by commas.</summary>
    public static Option<string[]> MustBeIds(this Option<string[]> option)
    {
        option.Validators.Add(result =>
        {
            foreach (var part in result.Tokens.SelectMany(token => Parts(token.Value)))
            {
                if (!TryId(part, out _))
                {
                    result.AddError($"{option.Name} must be process ids separated by commas, not '{part}'.");
                }
            }
        });
        return option;
    }

    /// <summary>The ids of <see cref="MustBeIds"/>.</summary>
    public static IEnumerable<int> Ids(IEnumerable<string> values)
    {
        foreach (var part in values.SelectMany(Parts))
        {
            if (TryId(part, out var id))
            {
                yield return id;
            }
        }
    }

    private static Option<T> Within<T>(string name, T usual, T min, T max, string description)
        where T : struct, IComparable<T>, IParsable<T>
    {
        var option = new Option<T>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            var text = result.Tokens.Count == 0 ? null : result.Tokens[^1].Value;
            if (text is not null
                && (!T.TryParse(text, CultureInfo.InvariantCulture, out var value)
                    || !(value.CompareTo(min) >= 0 && value.CompareTo(max) <= 0)))
            {
                result.AddError($"{name} must be a number from {min} to {max}, not '{text}'.");
            }
        });
        return option;
    }

    private static string[] Parts(string value) => value.Split(',', StringSplitOptions.TrimEntries);

    private static bool TryId(string text, out int id) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id > 0;
}
