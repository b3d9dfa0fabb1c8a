namespace NewLoom.Bench.Results;

/// <summary>What <c>topologies</c> found out.</summary>
public sealed record TopologiesResult : ScenarioResult
{
    /// <summary>One for each, in order.</summary>
    public required IReadOnlyList<TopologyFigures> Topologies { get; init; }

    /// <summary>Messages a second at which latency and cost were taken.</summary>
    public required double Rate { get; init; }

    /// <summary>Sockets in each chat.</summary>
    public required int Members { get; init; }

    /// <inheritdoc />
    public override bool Clean => Topologies.All(topology => topology.IsClean);

    /// <inheritdoc />
    protected override IEnumerable<string> Lines()
    {
        yield return $"At {Rate:0} messages/s to {Members} sockets each; 'kept up' is the most deliveries/s that all " +
            $"arrived, p99 below {TopologyFigures.KeptUpMilliseconds:0} ms";
        yield return "topology                                  us/delivery  of a core  PostgreSQL     p50    p99 ms" +
            "   kept up  bench";
        foreach (var t in Topologies)
        {
            yield return $"{t.Name,-41} {t.Cpu.MicrosecondsPerDelivery,11:0.0} {t.Cpu.Percent,8:0} % " +
                $"{t.DatabaseMicrosecondsPerDelivery,11:0.0} {t.P50Milliseconds,7:0.0} {t.P99Milliseconds,6:0.0}    " +
                $"{t.KeptUp,9:0}  {t.BenchCpuPercent,3:0} %{(t.IsClean ? "" : "   NOT CLEAN")}";
        }
    }
}

/// <summary>What one topology came to.</summary>
public sealed record TopologyFigures
{
    /// <summary>What 99 of 100 deliveries must stay below where a topology keeps up.</summary>
    public const double KeptUpMilliseconds = 100;

    /// <summary>What it is.</summary>
    public required string Name { get; init; }

    /// <summary>CPU of silos and gateways, not of the database.</summary>
    public required ServerCpu Cpu { get; init; }

    /// <summary>CPU of PostgreSQL for each delivery; 0 with SQLite, which is in the silo.</summary>
    public required double DatabaseMicrosecondsPerDelivery { get; init; }

    /// <summary>Half of the deliveries took no longer.</summary>
    public required double P50Milliseconds { get; init; }

    /// <summary>99 of 100 deliveries took no longer.</summary>
    public required double P99Milliseconds { get; init; }

    /// <summary>Nothing was lost, doubled or out of order, nothing refused or closed.</summary>
    public required bool IsClean { get; init; }

    /// <summary>The most deliveries a second that it kept up with; 0 if not even with the rate of the figures.</summary>
    public required double KeptUp { get; init; }

    /// <summary>CPU of this program, of one core.</summary>
    public required double BenchCpuPercent { get; init; }
}
