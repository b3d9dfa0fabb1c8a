using System.Diagnostics;
using System.Diagnostics.Metrics;

/// <summary>Writes every trace and every metric of a process that was started with this assembly in
/// <c>DOTNET_STARTUP_HOOKS</c> to its standard output. The runtime demands the name, and no namespace.</summary>
internal sealed class StartupHook
{
    /// <summary>Begins every line, so that tests can see that it is at work.</summary>
    public const string ActivityMark = "[activity]";

    /// <inheritdoc cref="ActivityMark"/>
    public const string MetricMark = "[metric]";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly MeterListener Meters = new();
    private static ITimer? _timer;

    public static void Initialize()
    {
        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Write,
        });
        Meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        Meters.SetMeasurementEventCallback<byte>(Write);
        Meters.SetMeasurementEventCallback<short>(Write);
        Meters.SetMeasurementEventCallback<int>(Write);
        Meters.SetMeasurementEventCallback<long>(Write);
        Meters.SetMeasurementEventCallback<float>(Write);
        Meters.SetMeasurementEventCallback<double>(Write);
        Meters.SetMeasurementEventCallback<decimal>(Write);
        Meters.Start();
        _timer = TimeProvider.System.CreateTimer(_ => Observe(), state: null, Interval, Interval);
    }

    /// <summary>Asks for what is only measured when somebody asks.</summary>
    private static void Observe()
    {
        try
        {
            Meters.RecordObservableInstruments();
        }
        catch (AggregateException e)
        {
            Console.WriteLine($"{MetricMark} {e}");
        }
    }

    private static void Write(Activity activity)
    {
        var tags = activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}");
        var baggage = activity.Baggage.Select(item => $"{item.Key}={item.Value}");
        var events = activity.Events.Select(item =>
            $"{item.Name}({string.Join(' ', item.Tags.Select(tag => $"{tag.Key}={tag.Value}"))})");
        Console.WriteLine(
            $"{ActivityMark} {activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} " +
            string.Join(' ', [.. tags, .. baggage, .. events]));
    }

    private static void Write<T>(
        Instrument instrument, T measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var text = $"{MetricMark} {instrument.Meter.Name} {instrument.Name} {measurement}";
        foreach (var (name, value) in tags)
        {
            text += $" {name}={value}";
        }

        Console.WriteLine(text);
    }
}
