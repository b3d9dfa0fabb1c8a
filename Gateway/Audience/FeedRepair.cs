using NewLoom.Gateway.Cluster;

namespace NewLoom.Gateway.Audience;

/// <summary>Brings a feed up to date: asks the topic where it is and who may still receive it, and reads what was
/// missed.</summary>
internal sealed partial class FeedRepair(
    DoorCalls doors, GatewayIdentity gateway, TimeProvider time, ILogger<FeedRepair> logger)
    : IDisposable
{
    /// <summary>Repairs under way at once: after a silo's death every topic on it is repaired.</summary>
    private const int RepairCountMax = 64;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _places = new(RepairCountMax);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Repairs the feed, however long the topic cannot be reached.</summary>
    public async Task RunAsync(TopicFeed feed)
    {
        try
        {
            // No place is kept while one waits: topics of a dead silo must not hold up those of the others. And a topic
            // that is active twice does not know for some seconds what its other activation has told already.
            while (!await TakeTurnAsync(feed))
            {
                await Task.Delay(RetryDelay, time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The gateway stops, and its sockets with it.
        }
    }

    /// <summary>Lets no repair go on.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    public void Dispose()
    {
        _places.Dispose();
        _stopping.Dispose();
    }

    private async Task<bool> TakeTurnAsync(TopicFeed feed)
    {
        await _places.WaitAsync(_stopping.Token);
        try
        {
            return await TryRepairAsync(feed);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<bool> TryRepairAsync(TopicFeed feed)
    {
        try
        {
            var users = feed.Users();
            var topic = feed.TopicOf(doors.Grains);
            var answer = await doors.AskAsync(
                (door, token) => door.RejoinAsync(topic, gateway.Id, users, token), _stopping.Token);
            feed.Confirm(users, answer);
            await feed.CatchUpAsync(doors, answer.Position, _stopping.Token);
            return feed.TryEndRepair(answer.Position);
        }
        catch (Exception e) when (Faults.IsUnavailable(e) && !_stopping.IsCancellationRequested)
        {
            Log.NotNow(logger, feed.TopicId, e.Message);
            return false;
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            // Whatever it was, a topic that is never repaired would be deaf for good.
            Log.Postponed(logger, feed.TopicId, e);
            return false;
        }
    }
}
