namespace NewLoom.Streams;

/// <summary>How far an execution of a stream has come. The numbers are stored: they never change.</summary>
public enum StreamStatus
{
    /// <summary>Not begun yet.</summary>
    Pending = 0,

    /// <summary>At work.</summary>
    Running = 1,

    /// <summary>Held up by its publisher.</summary>
    Paused = 2,

    /// <summary>Has not reported within its lease. Given by the service alone.</summary>
    Stalled = 3,

    /// <summary>Ended well.</summary>
    Completed = 4,

    /// <summary>Ended badly.</summary>
    Failed = 5,

    /// <summary>Ended early, because somebody wanted it.</summary>
    Cancelled = 6,

    /// <summary>Has not reported within three times its lease, and is given up. Given by the service alone.</summary>
    Lost = 7,
}

/// <summary>Rules of <see cref="StreamStatus"/>.</summary>
public static class StreamStatuses
{
    /// <summary>Whether the execution has ended: nothing in it changes after that.</summary>
    public static bool IsTerminal(this StreamStatus status) => status >= StreamStatus.Completed;

    /// <summary>Whether a publisher may report it.</summary>
    public static bool IsReportable(this StreamStatus status) =>
        status is not (StreamStatus.Stalled or StreamStatus.Lost) && Enum.IsDefined(status);
}
