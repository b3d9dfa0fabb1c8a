using NewLoom.Bench.Processes;

namespace NewLoom.Bench.Results;

/// <summary>What the server burnt in a run.</summary>
/// <param name="Seconds">User and system time of all its processes.</param>
/// <param name="Percent">Of one core.</param>
/// <param name="MicrosecondsPerDelivery">For each delivery that was received.</param>
public sealed record ServerCpu(double Seconds, double Percent, double MicrosecondsPerDelivery)
{
    /// <summary>Puts usage and deliveries together.</summary>
    public static ServerCpu Of(CpuUsage used, long deliveries) => new(
        Math.Round(used.Server.TotalSeconds, 2),
        Math.Round(used.ServerPercent, 1),
        Math.Round(used.Server.TotalMicroseconds / Math.Max(1, deliveries), 2));
}
