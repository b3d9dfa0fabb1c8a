using System.Text.Json;
using System.Text.Json.Serialization;
using NewLoom.Bench.Deliveries;

namespace NewLoom.Bench.Results;

/// <summary>What a scenario found out: a summary for people, one line of JSON for programs.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "scenario")]
[JsonDerivedType(typeof(FanoutResult), "fanout")]
[JsonDerivedType(typeof(IdleResult), "idle")]
[JsonDerivedType(typeof(StreamsResult), "streams")]
public abstract record ScenarioResult
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
    public bool Clean => Deliveries.Clean && Errors == 0 && Closed == 0;

    /// <summary>Bytes as megabytes of 2^20.</summary>
    public static double Megabytes(long bytes) => Math.Round(bytes / (double)(1 << 20), 1);

    /// <summary>The result in a few lines.</summary>
    public string Summary()
    {
        var d = Deliveries;
        IEnumerable<string> lines =
        [
            .. Lines(),
            $"deliveries  expected {d.Expected}, received {d.Received}, lost {d.Lost}, doubled {d.Doubled}, " +
                $"misrouted {d.Misrouted}, reordered {d.Reordered}",
            $"latency     p50 {d.P50Milliseconds:0.00} ms, p99 {d.P99Milliseconds:0.00} ms, " +
                $"max {d.MaxMilliseconds:0.00} ms, from the moment a message was due",
            $"server      {Errors} error frames, {Closed} sockets closed",
            .. FirstTrouble is null ? [] : new[] { $"first       {FirstTrouble}" },
            Clean ? "clean" : "NOT CLEAN",
        ];
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>The result as one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ResultJson.Default.ScenarioResult);

    /// <summary>The summary's lines that are the scenario's own.</summary>
    protected abstract IEnumerable<string> Lines();
}
