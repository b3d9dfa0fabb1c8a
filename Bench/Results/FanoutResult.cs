namespace NewLoom.Bench.Results;

/// <summary>What <c>fanout</c> found out.</summary>
public sealed record FanoutResult : DeliveryResult
{
    private const double BusyPercent = 85;

    /// <summary>Messages a second.</summary>
    public required double Rate { get; init; }

    /// <summary>How long they were sent.</summary>
    public required double Seconds { get; init; }

    /// <summary>The server's CPU, when its processes are known.</summary>
    public required ServerCpu? Cpu { get; init; }

    /// <summary>Most memory of the server's processes during the run.</summary>
    public required double? PeakMegabytes { get; init; }

    /// <summary>This program's own CPU, of one core.</summary>
    public required double BenchCpuPercent { get; init; }

    /// <summary>How late this program itself was, for 99 of 100 messages.</summary>
    public required double SendLagP99Milliseconds { get; init; }

    /// <inheritdoc />
    protected override IEnumerable<string> OwnLines()
    {
        yield return $"fanout      {Rooms} rooms x {Members} members, {Rate} messages/s for {Seconds} s";
        if (Cpu is { } cpu)
        {
            yield return $"cpu         {cpu.MicrosecondsPerDelivery:0.00} us per delivery, " +
                $"{cpu.Percent:0} % of a core; peak memory {PeakMegabytes:0} MB";
        }

        yield return $"this bench  {BenchCpuPercent:0} % of a core, p99 {SendLagP99Milliseconds:0.00} ms late" +
            (BenchCpuPercent > BusyPercent ? ": TOO BUSY, the figures are its own" : "");
    }
}
