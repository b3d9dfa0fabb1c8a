using System.Collections.Concurrent;
using System.Collections.Immutable;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>Asks many topics how far they are, and has the feeds repaired that are behind.</summary>
/// <remarks>Asking holds nothing up: events are passed on meanwhile. In a repair they wait, and so a topic that nobody
/// reaches gets none.</remarks>
internal sealed partial class TopicCheck(DoorCalls doors, GatewayIdentity gateway, ILogger<TopicCheck> logger)
{
    /// <summary>Topics in one question.</summary>
    private const int ChunkCount = 500;

    /// <summary>Questions under way at once.</summary>
    private const int AtOnceCount = 8;

    /// <summary>How long a door is waited for, which itself waits for 1 s.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    /// <summary>Asks each topic over one door, and over all of them where that one gets no answer.</summary>
    /// <returns>The feeds whose topic did not answer.</returns>
    public async Task<IReadOnlySet<TopicFeed>> AskAsync(
        IEnumerable<TopicFeed> feeds, CancellationToken cancellationToken)
    {
        var unanswered = new ConcurrentQueue<TopicFeed>();
        var bounds = new ParallelOptions
        {
            MaxDegreeOfParallelism = AtOnceCount,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(feeds.Chunk(ChunkCount), bounds, async (some, token) =>
        {
            foreach (var feed in await TryAskAsync(some, token))
            {
                unanswered.Enqueue(feed);
            }
        });
        if (!unanswered.IsEmpty)
        {
            Log.Unanswered(logger, unanswered.Count);
        }

        return unanswered.ToHashSet();
    }

    private async Task<TopicFeed[]> TryAskAsync(TopicFeed[] feeds, CancellationToken cancellationToken)
    {
        try
        {
            var left = await AskAsync(feeds, isOfAll: false, cancellationToken);
            return left.Length == 0 ? left : await AskAsync(left, isOfAll: true, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, e);    // whatever it was, they are asked again
            return feeds;
        }
    }

    private async Task<TopicFeed[]> AskAsync(TopicFeed[] feeds, bool isOfAll, CancellationToken cancellationToken)
    {
        ImmutableArray<ITopicAudienceGrain> topics = [.. feeds.Select(feed => feed.TopicOf(doors.Grains))];
        var left = feeds.ToList<TopicFeed?>();
        var answers = doors.AskEachAsync(
            (door, token) => door.RejoinAllAsync(topics, gateway.Id, token), isOfAll, AnswerMax, cancellationToken);
        await foreach (var positions in answers)
        {
            for (var i = 0; i < feeds.Length; i++)
            {
                if (positions[i] is { } position)
                {
                    left[i] = null;
                    if (feeds[i].IsBehind(position))
                    {
                        feeds[i].Repair();    // which also tells who may not receive the topic any more
                    }
                }
            }

            if (left.TrueForAll(feed => feed is null))
            {
                break;    // a door behind the cut would be waited for
            }
        }

        return [.. left.OfType<TopicFeed>()];
    }
}
