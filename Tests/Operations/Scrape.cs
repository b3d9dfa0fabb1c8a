using System.Globalization;
using System.Text.RegularExpressions;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Operations;

/// <summary>What a service shows at <c>/metrics</c>.</summary>
internal sealed partial class Scrape
{
    private readonly List<(string Name, string Labels, double Value)> _samples;

    private Scrape(string text) => _samples =
    [
        .. text.Split('\n')
            .Select(line => Sample().Match(line))
            .Where(match => match.Success)
            .Select(match => (
                match.Groups[1].Value,
                match.Groups[2].Value,
                double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture))),
    ];

    /// <summary>The names of all series.</summary>
    public ISet<string> Names => _samples.Select(sample => sample.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The sum of the series of this name, with this text among their labels.</summary>
    public double this[string name, string label = ""] => _samples
        .Where(sample => sample.Name == name && sample.Labels.Contains(label, StringComparison.Ordinal))
        .Sum(sample => sample.Value);

    public static async Task<Scrape> OfAsync(ServiceProcess service)
    {
        using var http = service.Http();
        return new Scrape(await http.GetStringAsync(
            new Uri("metrics", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [GeneratedRegex(@"^([a-z0-9_]+)(\{.*\})? ([0-9.e+\-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Sample();
}
