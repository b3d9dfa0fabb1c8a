using System.Globalization;
using System.Text;

namespace NewLoom.Bench.Results;

/// <summary>Draws the recovery time of each chat, sorted, as an SVG picture.</summary>
internal static class RecoveryPlot
{
    private const int Width = 720;
    private const int Height = 360;
    private const int Left = 56;
    private const int Right = 16;
    private const int Top = 40;
    private const int Bottom = 48;
    private const string KilledColour = "#c0392b";
    private const string OthersColour = "#7f8c8d";

    /// <summary>The picture.</summary>
    public static string Draw(RecoveryResult result)
    {
        var most = Math.Max(
            RecoveryResult.WorstSecondsMax, result.OfKilled.Concat(result.OfOthers).DefaultIfEmpty().Max());
        var seconds = (int)Math.Ceiling((most + 1) / 5) * 5;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-size="12">""");
        svg.AppendLine("<style>text { font-family: sans-serif }</style>");
        svg.AppendLine("""<rect width="100%" height="100%" fill="#ffffff"/>""");
        Text(svg, Left, 20, "start", "#2c3e50",
            $"{result.Chats} chats on {result.Silos} silos, one silo killed: " +
            "seconds until each chat confirmed a new message");
        for (var tick = 0; tick <= seconds; tick += 5)
        {
            Line(svg, Left, Y(tick, seconds), Width - Right, Y(tick, seconds), "#ecf0f1", "");
            Text(svg, Left - 8, Y(tick, seconds) + 4, "end", "#2c3e50", $"{tick} s");
        }

        Limit(svg, RecoveryResult.MedianSecondsMax, seconds, "median below 5 s");
        Limit(svg, RecoveryResult.WorstSecondsMax, seconds, "all below 15 s");
        Curve(svg, result.OfOthers, seconds, OthersColour);
        Curve(svg, result.OfKilled, seconds, KilledColour);
        Text(svg, Left, Height - 12, "start", KilledColour,
            $"the killed silo's {result.OfKilled.Count} chats: {result.Killed}");
        Text(svg, Width - Right, Height - 12, "end", OthersColour, $"the other {result.OfOthers.Count} chats");
        Text(svg, Width - Right, Height - Bottom + 18, "end", "#2c3e50", "chats, the fastest first");
        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    private static void Limit(StringBuilder svg, double limit, int seconds, string name)
    {
        Line(svg, Left, Y(limit, seconds), Width - Right, Y(limit, seconds), "#2980b9", "4 4");
        Text(svg, Left + 6, Y(limit, seconds) - 5, "start", "#2980b9", name);
    }

    private static void Curve(StringBuilder svg, IReadOnlyList<double> times, int seconds, string colour)
    {
        for (var i = 0; i < times.Count; i++)
        {
            var x = Left + (Width - Left - Right) * (i + 0.5) / times.Count;
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"""<circle cx="{x:0.0}" cy="{Y(times[i], seconds):0.0}" r="2" fill="{colour}"/>""");
        }
    }

    private static void Line(
        StringBuilder svg, double x1, double y1, double x2, double y2, string colour, string dashes) =>
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"""<path d="M{x1:0.0},{y1:0.0}L{x2:0.0},{y2:0.0}" stroke="{colour}" stroke-dasharray="{dashes}"/>""");

    private static void Text(StringBuilder svg, double x, double y, string anchor, string colour, string text) =>
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"""<text x="{x:0.0}" y="{y:0.0}" text-anchor="{anchor}" fill="{colour}">{text}</text>""");

    private static double Y(double value, int seconds) => Height - Bottom - (Height - Top - Bottom) * value / seconds;
}
