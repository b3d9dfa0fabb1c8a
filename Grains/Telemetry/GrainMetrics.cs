using System.Diagnostics.Metrics;
using NewLoom.Streams;

namespace NewLoom.Grains.Telemetry;

/// <summary>What can be counted about chats and streams.</summary>
internal sealed class GrainMetrics
{
    /// <summary>The meter of all that a silo counts.</summary>
    public const string MeterName = "NewLoom.Grains";

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _reports;
    private readonly Counter<long> _expired;

    public GrainMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _accepted = meter.CreateCounter<long>(
            "newloom.messages.accepted", "{message}", "Messages that were stored; repeats are not counted again.");
        _reports = meter.CreateCounter<long>(
            "newloom.stream.reports", "{report}", "Reports to streams, by outcome.");
        _expired = meter.CreateCounter<long>(
            "newloom.leases.expired", "{lease}", "Leases that ran out, by the status that this set.");

        // Shown before the first one: an alert on a counter that is not there never fires.
        _accepted.Add(0);
        Expired(StreamStatus.Stalled, count: 0);
        Expired(StreamStatus.Lost, count: 0);
    }

    /// <summary>A message was stored.</summary>
    public void Accepted() => _accepted.Add(1);

    /// <summary>Reports were looked at.</summary>
    /// <param name="count">How many; 0 changes nothing.</param>
    /// <param name="areAccepted">Whether they count.</param>
    public void Reported(int count, bool areAccepted)
    {
        if (count > 0)
        {
            _reports.Add(
                count,
                new KeyValuePair<string, object?>("newloom.report.outcome", areAccepted ? "accepted" : "refused"));
        }
    }

    /// <summary>A lease ran out.</summary>
    public void Expired(StreamStatus status, int count = 1) => _expired.Add(
        count,
        new KeyValuePair<string, object?>("newloom.lease.status", status == StreamStatus.Lost ? "lost" : "stalled"));
}
