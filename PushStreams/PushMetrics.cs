using System.Diagnostics.Metrics;

namespace NewLoom.PushStreams;

/// <summary>Shows what waits in one provider's queues on this silo, when somebody asks.</summary>
internal static class PushMetrics
{
    public const string MeterName = "NewLoom.PushStreams";

    public static void Watch(PushQueues queues, IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        KeyValuePair<string, object?>[] tags = [new("provider", queues.Name)];
        meter.CreateObservableUpDownCounter(
            "newloom.push.backlog", () => new Measurement<int>(queues.Count().Events, tags), "{event}",
            "Events that wait for a subscriber.");
        meter.CreateObservableUpDownCounter(
            "newloom.push.streams", () => new Measurement<int>(queues.Count().Streams, tags), "{stream}",
            "Streams that have subscribers or events.");
        meter.CreateObservableCounter(
            "newloom.push.dropped", () => new Measurement<long>(queues.DroppedCount, tags), "{event}",
            "Events that were dropped because more may not wait for a subscriber.");
    }
}
