namespace NewLoom.Bench.Chaos;

/// <summary>The statuses of executions, as they are numbered in the database and named on the wire.</summary>
internal static class JobStatuses
{
    private static readonly string[] Names =
        ["pending", "running", "paused", "stalled", "completed", "failed", "cancelled", "lost"];

    /// <summary>The name of a stored status.</summary>
    public static string NameOf(int status) => Names[status];

    /// <summary>Whether nothing changes after it.</summary>
    public static bool IsTerminal(string status) => status is "completed" or "failed" or "cancelled" or "lost";
}
