using NewLoom.Chats;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>Brings a feed up to date: asks the chat where it is and who is still a member, and reads what was
/// missed.</summary>
internal sealed partial class FeedRepair(
    IGrainFactory grains, GatewayIdentity gateway, TimeProvider time, ILogger<FeedRepair> logger)
    : IDisposable
{
    /// <summary>Repairs under way at once: after a silo's death every chat on it is repaired.</summary>
    private const int RepairCountMax = 64;

    private const int PageCount = 200;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _places = new(RepairCountMax);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Repairs the feed, however long the chat cannot be reached.</summary>
    public async Task RunAsync(ChatFeed feed)
    {
        try
        {
            await _places.WaitAsync(_stopping.Token);
            try
            {
                while (!await TryRepairAsync(feed))
                {
                    await Task.Delay(RetryDelay, time, _stopping.Token);
                }
            }
            finally
            {
                _places.Release();
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

    private async Task<bool> TryRepairAsync(ChatFeed feed)
    {
        try
        {
            var chat = grains.GetGrain<IChatAudienceGrain>(feed.ChatId);
            var users = feed.Users();
            var answer = await chat.RejoinAsync(gateway.Id, users, _stopping.Token);
            feed.Confirm(users, answer);
            while (feed.LastSeq < answer.Position.LastSeq)
            {
                var missed = await chat.ReadAsync(feed.LastSeq, answer.Position.LastSeq, PageCount, _stopping.Token);
                if (missed.IsEmpty)
                {
                    break;
                }

                feed.TakeMissed(missed);
            }

            feed.EndRepair(answer.Position);
            return true;
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            // Whatever it was, a chat that is never repaired would be deaf for good.
            Log.Postponed(logger, feed.ChatId, e);
            return false;
        }
    }
}
