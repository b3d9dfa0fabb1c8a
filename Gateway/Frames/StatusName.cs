using System.Collections.Frozen;
using NewLoom.Streams;

namespace NewLoom.Gateway.Frames;

/// <summary>The names of statuses on the wire.</summary>
internal static class StatusName
{
    private static readonly string[] Names =
        [.. Enum.GetValues<StreamStatus>().Order().Select(status => status.ToString().ToLowerInvariant())];

    private static readonly FrozenDictionary<string, StreamStatus> Reportable = Enum.GetValues<StreamStatus>()
        .Where(status => status.IsReportable()).ToFrozenDictionary(Of, StringComparer.Ordinal);

    public static string Of(StreamStatus status) => Names[(int)status];

    /// <returns>Null for anything that a publisher may not report.</returns>
    public static StreamStatus? Parse(string? name) =>
        name is not null && Reportable.TryGetValue(name, out var status) ? status : null;

    /// <summary>What is wrong with a status that a publisher reports, or null.</summary>
    public static string? FindProblem(string? name) =>
        Parse(name) is null ? $"status must be one of {string.Join(", ", Reportable.Keys.Order())}" : null;
}
