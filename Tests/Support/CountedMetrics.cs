using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace NewLoom.Tests.Support;

/// <summary>The sums of what one meter factory's instruments of a gateway counted since this was made.</summary>
internal sealed class CountedMetrics : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _sums = new();
    private readonly MeterListener _listener = new();

    public CountedMetrics(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "NewLoom.Gateway" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            var key = string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);
            _sums.AddOrUpdate(key, count, (_, sum) => sum + count);
        });
        _listener.Start();
    }

    /// <summary>By instrument and tags, as in
    /// <c>newloom.security.refusals newloom.refusal.reason=permission_denied</c>.</summary>
    public IReadOnlyDictionary<string, long> Sums => _sums;

    public long this[string key] => _sums.GetValueOrDefault(key);

    public void Dispose() => _listener.Dispose();
}
