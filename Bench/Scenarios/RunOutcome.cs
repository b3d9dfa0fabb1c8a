using NewLoom.Bench.Deliveries;
using NewLoom.Bench.Processes;

namespace NewLoom.Bench.Scenarios;

/// <summary>What a run of messages came to.</summary>
/// <param name="Deliveries">The books.</param>
/// <param name="Used">CPU from before the first message to after the last delivery.</param>
/// <param name="SendLagP99Milliseconds">How late this program itself was, for 99 of 100 messages.</param>
public sealed record RunOutcome(DeliveryTotals Deliveries, CpuUsage Used, double SendLagP99Milliseconds);
