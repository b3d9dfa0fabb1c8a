using System.Diagnostics.Metrics;
using System.Text.Json;
using NewLoom.Chats;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Security;
using NewLoom.Gateways;
using NewLoom.Streams;

namespace NewLoom.Gateway.Telemetry;

/// <summary>What can be counted about frames and events: once for each, not once for each socket.</summary>
internal sealed class GatewayMetrics
{
    private static readonly string[] Kinds =
        [.. Enum.GetNames<FrameKind>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    private readonly TimeProvider _time;
    private readonly Counter<long> _received;
    private readonly Counter<long> _deliveries;
    private readonly Histogram<double> _duration;

    public GatewayMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(IdentityMetrics.MeterName);
        _received = meter.CreateCounter<long>(
            "newloom.frames.received", "{frame}", "Frames of clients, by kind.");
        _deliveries = meter.CreateCounter<long>(
            "newloom.deliveries", "{delivery}", "Events given to sockets as they happened, by kind of event.");
        _duration = meter.CreateHistogram(
            "newloom.delivery.duration", "s",
            "From the commit of a message, status or error until this gateway's sockets had been given it.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            });
    }

    /// <summary>The name of a kind of frames, as in <c>message_status</c>.</summary>
    public static string NameOf(FrameKind kind) => Kinds[(int)kind];

    /// <summary>A client's frame has arrived.</summary>
    public void Received(FrameKind kind) =>
        _received.Add(1, new KeyValuePair<string, object?>("newloom.frame.kind", NameOf(kind)));

    /// <summary>An event was given to sockets.</summary>
    /// <param name="item">The event.</param>
    /// <param name="count">To how many.</param>
    /// <remarks>The clocks of silo and gateway are compared: what they differ by is in it.</remarks>
    public void Delivered(TopicEvent item, long count)
    {
        if (count == 0)
        {
            return;
        }

        _deliveries.Add(count, new KeyValuePair<string, object?>("newloom.event.kind", NameOf(item)));
        if (item.DurableAt != default && _duration.Enabled)
        {
            _duration.Record(Math.Max(0, (_time.GetUtcNow() - item.DurableAt).TotalSeconds));
        }
    }

    private static string NameOf(TopicEvent item) => item switch
    {
        MessagePosted => "message",
        MarkMoved => "message_status",
        TypingChanged => "typing",
        StatusChanged => "status",
        ErrorReported => "error",
        StatsChanged => "stats",
        _ => "other",
    };
}
