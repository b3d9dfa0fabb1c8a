using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Processes;

/// <summary>A reading of the clock, the server's CPU time and our own; two of them make a measurement.</summary>
/// <param name="Nanoseconds">The monotonic clock.</param>
/// <param name="Server">CPU time of the server's processes.</param>
/// <param name="Bench">CPU time of this program.</param>
public readonly record struct CpuUsage(long Nanoseconds, TimeSpan Server, TimeSpan Bench)
{
    /// <summary>The server's share of one core, in per cent; of a difference.</summary>
    public double ServerPercent => PercentOf(Server);

    /// <summary>Our own share of one core, in per cent; of a difference.</summary>
    public double BenchPercent => PercentOf(Bench);

    /// <summary>Reads everything now.</summary>
    public static CpuUsage Read(ProcessTree server, MonotonicClock clock)
    {
        server.Refresh();    // a process born since the last look counts from its birth
        return new CpuUsage(clock.Nanoseconds, server.CpuTime(), Environment.CpuUsage.TotalTime);
    }

    /// <summary>What was used between two readings.</summary>
    public static CpuUsage operator -(CpuUsage after, CpuUsage before) => new(
        after.Nanoseconds - before.Nanoseconds, after.Server - before.Server, after.Bench - before.Bench);

    private double PercentOf(TimeSpan used) => 100 * used.TotalSeconds * MonotonicClock.Second / Nanoseconds;
}
