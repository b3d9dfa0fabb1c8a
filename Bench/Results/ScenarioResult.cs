using System.Text.Json;
using System.Text.Json.Serialization;

namespace NewLoom.Bench.Results;

/// <summary>What a scenario found out: a summary for people, one line of JSON for programs.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "scenario")]
[JsonDerivedType(typeof(FanoutResult), "fanout")]
[JsonDerivedType(typeof(IdleResult), "idle")]
[JsonDerivedType(typeof(StreamsResult), "streams")]
[JsonDerivedType(typeof(FuzzResult), "fuzz")]
[JsonDerivedType(typeof(AttacksResult), "attacks")]
[JsonDerivedType(typeof(ChaosResult), "chaos")]
[JsonDerivedType(typeof(RecoveryResult), "recovery")]
[JsonDerivedType(typeof(TopologiesResult), "topologies")]
public abstract record ScenarioResult
{
    /// <summary>Everything was as it should be.</summary>
    public abstract bool Clean { get; }

    /// <summary>Bytes as megabytes of 2^20.</summary>
    public static double Megabytes(long bytes) => Math.Round(bytes / (double)(1 << 20), 1);

    /// <summary>The result in a few lines.</summary>
    public string Summary() => string.Join(Environment.NewLine, Lines().Append(Clean ? "clean" : "NOT CLEAN"));

    /// <summary>The result as one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ResultJson.Default.ScenarioResult);

    /// <summary>The summary's lines, but the last.</summary>
    protected abstract IEnumerable<string> Lines();
}
