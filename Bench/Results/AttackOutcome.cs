namespace NewLoom.Bench.Results;

/// <summary>What one attack did to the gateway and to its well-behaved clients.</summary>
public sealed record AttackOutcome
{
    private const double P99MillisecondsMax = 100;
    private const double GrowthMegabytesMax = 64;

    /// <summary>The attack.</summary>
    public required string Attack { get; init; }

    /// <summary>How the gateway answered the attackers.</summary>
    public required string Answer { get; init; }

    /// <summary>How long it lasted.</summary>
    public required double Seconds { get; init; }

    /// <summary>Messages of the well-behaved clients that were confirmed meanwhile.</summary>
    public required long Messages { get; init; }

    /// <summary>From when a message was due until it was confirmed, for half of them.</summary>
    public required double P50Milliseconds { get; init; }

    /// <summary>The same for 99 of 100.</summary>
    public required double P99Milliseconds { get; init; }

    /// <summary>The same for the slowest.</summary>
    public required double MaxMilliseconds { get; init; }

    /// <summary>The server's memory before, when its processes are known.</summary>
    public required double? BeforeMegabytes { get; init; }

    /// <summary>The most during the attack.</summary>
    public required double? PeakMegabytes { get; init; }

    /// <summary>After it, when it had had time to go back.</summary>
    public required double? AfterMegabytes { get; init; }

    /// <summary>Why a well-behaved client could not go on, or null.</summary>
    public required string? Trouble { get; init; }

    /// <summary>Whether the well-behaved clients hardly noticed, and the memory went back to where it was.</summary>
    public bool Withstood => Trouble is null && Messages > 0 && P99Milliseconds < P99MillisecondsMax
        && !(AfterMegabytes - BeforeMegabytes > GrowthMegabytesMax);

    /// <summary>Whether so much memory is no more than before, as far as it goes.</summary>
    public static bool IsBack(double beforeMegabytes, double nowMegabytes) =>
        nowMegabytes - beforeMegabytes <= GrowthMegabytesMax / 2;
}
