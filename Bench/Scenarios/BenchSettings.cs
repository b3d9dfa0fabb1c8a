using NewLoom.Bench.Processes;

namespace NewLoom.Bench.Scenarios;

/// <summary>What every scenario needs to know.</summary>
public sealed record BenchSettings
{
    /// <summary>The gateways; sockets take turns, the first one also serves the setup. At least one,
    /// unless the scenario starts its own.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>The administrator's token, for the setup.</summary>
    public required string? AdminToken { get; init; }

    /// <summary>Sockets in rooms that are prepared already, instead of the setup.</summary>
    public required string? SocketsFile { get; init; }

    /// <summary>Processes of the server; their descendants belong to them.</summary>
    public required IReadOnlyList<int> ProcessIds { get; init; }

    /// <summary>Sockets in a room.</summary>
    public required int Members { get; init; }

    /// <summary>Bytes of a message's content.</summary>
    public required int ContentBytes { get; init; }

    /// <summary>Connects under way at the same time.</summary>
    public required int ConnectsAtOnce { get; init; }

    /// <summary>Pause between the last connect and the first message.</summary>
    public required TimeSpan Settle { get; init; }

    /// <summary>How long after the last message a delivery is still waited for.</summary>
    public required TimeSpan Drain { get; init; }

    /// <summary>Refuses what can't run.</summary>
    /// <exception cref="BenchException">Says what is missing.</exception>
    public void Check()
    {
        if (AdminToken is null && SocketsFile is null)
        {
            throw new BenchException(
                "Give the administrator's token with --admin-token or NewLoom__AdminToken.");
        }

        if (ProcessIds.Count > 0 && !OperatingSystem.IsLinux())
        {
            throw new BenchException("--pid reads /proc, which only Linux has.");
        }

        if (new ProcessTree(ProcessIds).Missing() is { Count: > 0 } missing)
        {
            throw new BenchException($"No process has the id {string.Join(" or ", missing)}, given with --pid.");
        }
    }
}
