using Microsoft.Extensions.Logging;
using NewLoom.Streams;
using Orleans.Runtime;

namespace NewLoom.Grains.Streams;

/// <summary>Watches over one stream's lease: with a timer while the grain is active, and with a reminder that brings it
/// back when its silo has died.</summary>
/// <remarks>Without a lease there is neither.</remarks>
internal sealed partial class StreamLease(
    Grain grain, StreamState stream, Func<ReportDraft, Task> apply, TimeProvider time, ILogger logger)
{
    private const string ReminderName = "lease";

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly DateTimeOffset _activatedAt = time.GetUtcNow();

    // What was leased before this activation was reminded of before it became durable.
    private TimeSpan? _reminded = stream.Execution.IsLeased() ? stream.Execution.Lease : null;
    private IGrainTimer? _timer;
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
        if (execution.IsLeased() && execution.Lease != _reminded)
        {
            var lease = execution.Lease!.Value;
            await grain.RegisterOrUpdateReminder(ReminderName, lease, lease);
            _reminded = lease;
        }
    }

    /// <summary>Watches the stream's execution as it is now.</summary>
    public async Task WatchAsync()
    {
        if (LeaseRules.DueAt(stream.Execution, _activatedAt) is not { } dueAt)
        {
            _timer?.Dispose();
            _timer = null;
            await ForgetAsync();
        }
        else if (_timer is null || dueAt < _armedFor)
        {
            Arm(dueAt);    // else it fires too early, and sees that it does
        }
    }

    /// <summary>Drops the reminder when there is no lease; a reminder that is left all the same comes back to
    /// this.</summary>
    public async Task ForgetAsync(bool isReminded = false)
    {
        if ((_reminded is null && !isReminded) || stream.Execution.IsLeased())
        {
            return;
        }

        try
        {
            await DropAsync(grain);
            _reminded = null;
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
        wait = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
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
                await apply(Expire(now));    // watches on
            }
            else
            {
                await WatchAsync();    // it has reported meanwhile
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
