using System.Diagnostics.Metrics;
using NewLoom.Grains.Telemetry;

namespace NewLoom.Grains.Storage;

/// <summary>What can be counted about the writer: once a batch, not once a write.</summary>
internal sealed class StorageMetrics
{
    private readonly Meter _meter;
    private readonly Histogram<int> _size;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failures;

    public StorageMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(GrainMetrics.MeterName);
        _size = _meter.CreateHistogram(
            "newloom.storage.batch.size", "{write}", "Writes in one transaction.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000] });
        _duration = _meter.CreateHistogram(
            "newloom.storage.commit.duration", "s", "From the begin of a transaction until it was durable.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
            });
        _failures = _meter.CreateCounter<long>(
            "newloom.storage.failures", "{batch}", "Transactions that failed as a whole.");
        _failures.Add(0);    // shown before the first one: an alert on a counter that is not there never fires
    }

    /// <summary>Shows how many writes wait.</summary>
    public void Watch(Func<int> queueLength) => _meter.CreateObservableUpDownCounter(
        "newloom.storage.queue.length", queueLength, "{write}", "Writes that wait for the next transaction.");

    /// <summary>A transaction is durable.</summary>
    public void Committed(int count, TimeSpan duration)
    {
        _size.Record(count);
        _duration.Record(duration.TotalSeconds);
    }

    /// <summary>A transaction failed.</summary>
    public void Failed() => _failures.Add(1);
}
