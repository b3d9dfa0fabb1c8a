using System.Collections.Immutable;
using NewLoom.Grains.Storage;
using NewLoom.Streams;

namespace NewLoom.Grains.Streams;

/// <summary>What some reports make of a stream, decided one by one; nothing counts until it is stored.</summary>
/// <param name="before">The current execution.</param>
/// <param name="now">The time of all of it, whole milliseconds, not before the stream's last event.</param>
internal sealed class ReportDraft(Execution before, DateTimeOffset now)
{
    private readonly Execution _before = before;
    private ImmutableArray<Execution> _ended = [];

    /// <summary>The current execution after the reports so far.</summary>
    public Execution Execution { get; private set; } = before;

    /// <summary>Statuses and errors to store and to tell, in order.</summary>
    public List<DraftEvent> Events { get; } = [];

    /// <summary>All executions that the events concern.</summary>
    public ImmutableArray<Execution> Executions => _ended.Add(Execution);

    /// <summary>Whether anything is to be stored at all.</summary>
    public bool IsChanged => Events.Count > 0 || Execution != _before;

    /// <summary>The execution time that viewers were told last, with counters: it may not fall.</summary>
    private TimeSpan ToldTime => Execution.HasStats ? Execution.StatsAt(now).ExecutionTime : TimeSpan.Zero;

    /// <summary>Takes the next report, or refuses it and changes nothing.</summary>
    public StreamOutcome Take(StreamReport report)
    {
        if (ReportRules.FindProblem(report) is { } problem)
        {
            return StreamOutcome.Refused(StreamRefusal.Invalid, problem);
        }

        if (Execution.Status.IsTerminal() && !TryStartNext(report))
        {
            return StreamOutcome.Refused(StreamRefusal.Finished);
        }

        switch (report)
        {
            case StatusReport status:
                Change(status.Status, Reported() with { Lease = status.Lease ?? Execution.Lease });
                return StreamOutcome.Done;
            case StatsReport stats:
                return Merge(stats);
            case ErrorReport error:
                Resume();
                Execution = Reported();
                Add(error.Message, error.Code);
                return StreamOutcome.Done;
            default:
                throw new InvalidOperationException($"{report.GetType().Name} has no rule.");
        }
    }

    /// <summary>The lease has run out.</summary>
    public void Stall() => Change(StreamStatus.Stalled, Execution);

    /// <summary>The lease has run out three times over.</summary>
    public void Lose()
    {
        Add("The publisher has not reported within three times its lease", StreamError.LeaseExpired);
        Change(StreamStatus.Lost, Execution);
    }

    private bool TryStartNext(StreamReport report)
    {
        if (report is not StatusReport { Status: StreamStatus.Pending or StreamStatus.Running })
        {
            return false;
        }

        _ended = Events.Exists(item => item.Record.Execution == Execution.Number)
            ? _ended.Add(Execution)
            : _ended;
        Execution = new Execution { Number = Execution.Number + 1, Status = StreamStatus.Pending };
        return true;
    }

    private Execution Reported() => Execution with { StartedAt = Execution.StartedAt ?? now, ReportedAt = now };

    /// <summary>A job that reports while it counts as stalled is at work.</summary>
    private void Resume()
    {
        if (Execution.Status == StreamStatus.Stalled)
        {
            Change(StreamStatus.Running, Reported());
        }
    }

    private StreamOutcome Merge(StatsReport report)
    {
        var processed = Math.Max(Execution.ProcessedCount, report.ProcessedCount ?? 0);
        var failed = Math.Max(Execution.FailedCount, report.FailedCount ?? 0);
        if (processed + failed > ReportRules.CountMax)
        {
            return StreamOutcome.Refused(
                StreamRefusal.Invalid, $"processed_count + failed_count may not exceed {ReportRules.CountMax}");
        }

        Resume();
        Execution = Reported() with
        {
            HasStats = true,
            ProcessedCount = processed,
            FailedCount = failed,
            ReportedTotal = Math.Max(Execution.ReportedTotal, report.TotalCount ?? 0),
            ReportedTime = report.ExecutionTime >= ToldTime ? report.ExecutionTime : Execution.ReportedTime,
        };
        return StreamOutcome.Done;
    }

    private void Change(StreamStatus status, Execution execution)
    {
        var runs = status == StreamStatus.Running;
        Execution = execution with
        {
            Status = status,
            EndedAt = status.IsTerminal() ? now : null,
            RanFor = runs ? execution.RanFor : execution.RanFor + (now - execution.RunningSince ?? TimeSpan.Zero),
            RunningSince = runs ? execution.RunningSince ?? now : null,
        };
        Events.Add(new DraftEvent(
            new EventRecord { Execution = Execution.Number, Timestamp = now, Status = status },
            status.IsTerminal() ? Execution.StatsAt(now) : null));
    }

    private void Add(string message, string code) => Events.Add(new DraftEvent(
        new EventRecord { Execution = Execution.Number, Timestamp = now, ErrorMessage = message, ErrorCode = code },
        FinalStats: null));
}

/// <summary>A status or error that is to be stored and told.</summary>
/// <param name="Record">What is stored.</param>
/// <param name="FinalStats">With a terminal status, and with no other: the final counters.</param>
internal readonly record struct DraftEvent(EventRecord Record, StreamStats? FinalStats);
