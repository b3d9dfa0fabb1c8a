using Microsoft.Extensions.Logging;
using NewLoom.Grains.Telemetry;
using NewLoom.Streams;
using Orleans.Runtime;

namespace NewLoom.Grains.Streams;

/// <summary>Watches over one stream's lease: with a timer while the grain is active, and with a reminder that brings it
/// back when its silo has died.</summary>
/// <remarks>Without a lease there is neither.</remarks>
internal sealed partial class StreamLease(
    Grain grain, StreamState stream, Func<ReportDraft, Task> apply, GrainMetrics metrics, TimeProvider time,
    ILogger logger)
{
    private const string ReminderName = "lease";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>The timer fires at least so often: only what fires keeps the grain from being collected, which
    /// happens to one that was idle for 15 min.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(5);

    /// <summary>A reminder goes on at the next multiple of its period after an outage: a long lease's own would be
    /// that late.</summary>
    private static readonly TimeSpan PeriodMax = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _activatedAt = time.GetUtcNow();

    // What was leased before this activation was reminded of before it became durable.
    private TimeSpan? _period = PeriodOf(stream.Execution);
    private IGrainTimer? _timer;
    private IGrainTimer? _forgetting;
    private DateTimeOffset _armedFor;

    /// <summary>Drops a stream's reminder, if there is one.</summary>
    public static async Task DropAsync(Grain grain)
    {
        if (await grain.GetReminder(ReminderName) is { } reminder)
        {
            await grain.UnregisterReminder(reminder);
        }
    }

    /// <summary>Makes sure that a reminder comes, before an execution's lease becomes durable.</summary>
    public async Task RemindAsync(Execution execution)
    {
        if (PeriodOf(execution) is { } period && period != _period)
        {
            try
            {
                await grain.RegisterOrUpdateReminder(ReminderName, period, period);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                throw new StorageUnavailableException($"The reminder of the lease cannot be stored now: {e.Message}");
            }

            _period = period;
        }
    }

    /// <summary>Watches the stream's execution as it is now.</summary>
    /// <param name="isReminded">Whether a reminder was seen: it is dropped when there is no lease.</param>
    public void Watch(bool isReminded = false)
    {
        if (LeaseRules.DueAt(stream.Execution, _activatedAt) is not { } dueAt)
        {
            _timer?.Dispose();
            _timer = null;
            if (isReminded || _period is not null)
            {
                ForgetLater();
            }
        }
        else if (_timer is null || dueAt < _armedFor)
        {
            Arm(dueAt);    // else it fires too early, and sees that it does
        }
    }

    private static TimeSpan? PeriodOf(Execution execution) =>
        !execution.IsLeased() ? null : execution.Lease < PeriodMax ? execution.Lease : PeriodMax;

    /// <summary>In a turn of its own: nobody who reports that a job has ended waits for it.</summary>
    private void ForgetLater() => _forgetting ??= grain.RegisterGrainTimer(
        ForgetAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan));

    private async Task ForgetAsync(CancellationToken cancellationToken)
    {
        _forgetting?.Dispose();
        _forgetting = null;
        if (stream.Execution.IsLeased())
        {
            return;    // the next execution has begun meanwhile
        }

        _period = null;    // whether it can be dropped now or not: one that is left comes back, and is dropped then
        try
        {
            await DropAsync(grain);
        }
        catch (Exception e) when (e is StorageUnavailableException or OrleansException or TimeoutException)
        {
            Log.ReminderStays(logger, stream.StreamId, e);
        }
    }

    private void Arm(DateTimeOffset dueAt)
    {
        _armedFor = dueAt;
        var wait = dueAt - time.GetUtcNow();
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < WaitMax ? wait : WaitMax;
        _timer ??= grain.RegisterGrainTimer(
            CheckAsync, new GrainTimerCreationOptions(wait, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        _armedFor = DateTimeOffset.MaxValue;    // it has fired
        try
        {
            var now = time.GetUtcNow();
            if (LeaseRules.DueAt(stream.Execution, _activatedAt) <= now)
            {
                var expired = Expire(now);
                await apply(expired);    // watches on
                metrics.Expired(expired.Execution.Status);
            }
            else
            {
                Watch();    // it has reported meanwhile
            }
        }
        catch (Exception e)
        {
            // Whatever it was, a lease that nobody watches would run for ever.
            Log.ExpiryPostponed(logger, stream.StreamId, e);
            Arm(time.GetUtcNow() + RetryDelay);
        }
    }

    private ReportDraft Expire(DateTimeOffset now)
    {
        var draft = new ReportDraft(stream.Execution, stream.NextTimestamp(now));
        if (stream.Execution.Status == StreamStatus.Stalled)
        {
            draft.Lose();
        }
        else
        {
            draft.Stall();
        }

        return draft;
    }
}
