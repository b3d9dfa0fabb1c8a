namespace NewLoom.Bench.Results;

/// <summary>What <c>streams</c> found out; its deliveries are the statuses and errors.</summary>
public sealed record StreamsResult : DeliveryResult
{
    /// <summary>Reports a second of each stream.</summary>
    public required double Rate { get; init; }

    /// <summary>How long they were sent.</summary>
    public required double Seconds { get; init; }

    /// <summary>Reports that were sent.</summary>
    public required long Reports { get; init; }

    /// <summary>Frames with counters that viewers saw.</summary>
    public required long StatsFrames { get; init; }

    /// <summary>The server's CPU, when its processes are known; a delivery is a frame that a viewer saw.</summary>
    public required ServerCpu? Cpu { get; init; }

    /// <summary>The server's CPU for each report, µs.</summary>
    public required double? MicrosecondsPerReport { get; init; }

    /// <summary>Most memory of the server's processes during the run.</summary>
    public required double? PeakMegabytes { get; init; }

    /// <summary>This program's own CPU, of one core.</summary>
    public required double BenchCpuPercent { get; init; }

    /// <summary>How late this program itself was, for 99 of 100 reports.</summary>
    public required double SendLagP99Milliseconds { get; init; }

    /// <inheritdoc />
    protected override IEnumerable<string> OwnLines()
    {
        yield return $"streams     {Rooms} streams x {Members} viewers, {Rate} reports/s each for {Seconds} s: " +
            $"{Reports} reports, {StatsFrames} frames with counters";
        if (Cpu is { } cpu)
        {
            yield return $"cpu         {MicrosecondsPerReport:0.0} us per report, " +
                $"{cpu.MicrosecondsPerDelivery:0.00} us per frame, {cpu.Percent:0} % of a core; " +
                $"peak memory {PeakMegabytes:0} MB";
        }

        yield return $"this bench  {BenchCpuPercent:0} % of a core, p99 {SendLagP99Milliseconds:0.00} ms late";
    }
}
