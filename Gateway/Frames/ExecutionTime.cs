using System.Globalization;

namespace NewLoom.Gateway.Frames;

/// <summary>How long an execution has been running, on the wire: <c>HH:MM:SS</c>, where hours may pass 99.</summary>
internal static class ExecutionTime
{
    private const int HoursMax = 999_999;

    /// <summary>Whole seconds; fractions are dropped.</summary>
    public static string Format(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{(long)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}");

    /// <summary>Reads two or more digits for hours, and two each for minutes and seconds, up to 59.</summary>
    /// <returns>Null for anything else.</returns>
    public static TimeSpan? Parse(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 3 && parts[0].Length >= 2 && parts[1].Length == 2 && parts[2].Length == 2
            && TryRead(parts[0], HoursMax, out var hours)
            && TryRead(parts[1], 59, out var minutes)
            && TryRead(parts[2], 59, out var seconds)
                ? new TimeSpan(hours, minutes, seconds)
                : null;
    }

    private static bool TryRead(string digits, int max, out int value) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= max;
}
