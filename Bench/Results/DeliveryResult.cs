using NewLoom.Bench.Deliveries;

namespace NewLoom.Bench.Results;

/// <summary>What a scenario found out that counts deliveries.</summary>
public abstract record DeliveryResult : ScenarioResult
{
    /// <summary>Chats, or streams.</summary>
    public required int Rooms { get; init; }

    /// <summary>Sockets in each.</summary>
    public required int Members { get; init; }

    /// <summary>The books.</summary>
    public required DeliveryTotals Deliveries { get; init; }

    /// <summary>Error frames from the server.</summary>
    public required int Errors { get; init; }

    /// <summary>Sockets that the server, or the network, ended.</summary>
    public required int Closed { get; init; }

    /// <summary>What the first error frame or ending said.</summary>
    public required string? FirstTrouble { get; init; }

    /// <summary>Every delivery arrived once and in order, and the server refused and closed nothing.</summary>
    public override bool Clean => Deliveries.Clean && Errors == 0 && Closed == 0;

    /// <inheritdoc />
    protected sealed override IEnumerable<string> Lines()
    {
        var d = Deliveries;
        return
        [
            .. OwnLines(),
            $"deliveries  expected {d.Expected}, received {d.Received}, lost {d.Lost}, doubled {d.Doubled}, " +
                $"misrouted {d.Misrouted}, reordered {d.Reordered}",
            $"latency     p50 {d.P50Milliseconds:0.00} ms, p99 {d.P99Milliseconds:0.00} ms, " +
                $"max {d.MaxMilliseconds:0.00} ms, from the moment a message was due",
            $"server      {Errors} error frames, {Closed} sockets closed",
            .. FirstTrouble is null ? [] : new[] { $"first       {FirstTrouble}" },
        ];
    }

    /// <summary>The summary's lines that are the scenario's own.</summary>
    protected abstract IEnumerable<string> OwnLines();
}
