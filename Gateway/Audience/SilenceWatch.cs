using NewLoom.Gateway.Chats;
using NewLoom.Gateway.Streams;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>While a silo is not heard, asks all topics again and again whether something was missed.</summary>
/// <remarks>Nobody knows which topics are on that silo. So asking holds nothing up: only the feed of a topic that has
/// come further is repaired.</remarks>
internal sealed partial class SilenceWatch(
    IGrainFactory grains, GatewayIdentity gateway, HeardSilos heard, ChatAudience chats, StreamAudience streams,
    UserNews news, TimeProvider time, ILogger<SilenceWatch> logger)
    : BackgroundService
{
    /// <summary>The pause between two looks.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>How long a topic's answer is waited for: a question that is lost in a cut is asked again in the next
    /// round.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    /// <summary>Topics that are asked at once.</summary>
    private const int AtOnceCount = 64;

    private readonly ITopicAudience[] _audiences = [chats, streams];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wasSilent = false;
        while (true)
        {
            await Task.Delay(Pause, time, stoppingToken);
            var isSilent = heard.IsOneSilent;
            if (isSilent != wasSilent)
            {
                Log.Changed(logger, isSilent ? "A silo is not heard: topics are asked" : "All silos are heard again");
                news.Relist();
            }

            if (isSilent || wasSilent)
            {
                await Parallel.ForEachAsync(
                    _audiences.SelectMany(audience => audience.Feeds),
                    new ParallelOptions { MaxDegreeOfParallelism = AtOnceCount, CancellationToken = stoppingToken },
                    AskAsync);
            }

            wasSilent = isSilent;
        }
    }

    private async ValueTask AskAsync(TopicFeed feed, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await grains.GetGrain<ISiloDoorGrain>(0)
                .RejoinAsync(feed.TopicOf(grains), gateway.Id, feed.Users(), cancellationToken)
                .WaitAsync(AnswerMax, time, cancellationToken);
            if (feed.IsBehind(answer.Position))
            {
                feed.Repair();
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NoAnswer(logger, feed.TopicId, e.Message);    // whatever it was, the next round comes
        }
    }
}
