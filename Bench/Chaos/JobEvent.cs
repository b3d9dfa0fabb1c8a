using System.Globalization;
using System.Text.Json;

namespace NewLoom.Bench.Chaos;

/// <summary>A status or an error of a stream, as it is stored and as viewers are told of it.</summary>
/// <param name="Execution">The execution; 0 in an error's frame, which does not say it.</param>
/// <param name="Timestamp">Unix milliseconds.</param>
/// <param name="Status">The status; null for an error.</param>
/// <param name="Error">The error's text; null for a status.</param>
internal sealed record JobEvent(int Execution, long Timestamp, string? Status, string? Error)
{
    /// <summary>From a <c>status_update</c> frame.</summary>
    public static JobEvent OfStatus(JsonElement frame) => new(
        frame.GetProperty("execution").GetInt32(), TimeOf(frame), frame.GetProperty("status").GetString(), null);

    /// <summary>From a stream's <c>error</c> frame.</summary>
    public static JobEvent OfError(JsonElement frame) => new(
        0, TimeOf(frame.GetProperty("error")), null, frame.GetProperty("error").GetProperty("message").GetString());

    /// <summary>Whether a viewer who was told this was told of that stored event.</summary>
    public bool Tells(JobEvent stored) =>
        Timestamp == stored.Timestamp && Status == stored.Status && Error == stored.Error
        && (Status is null || Execution == stored.Execution);

    private static long TimeOf(JsonElement json) => DateTimeOffset.Parse(
        json.GetProperty("timestamp").GetString()!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
