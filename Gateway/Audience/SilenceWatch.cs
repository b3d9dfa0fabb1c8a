using System.Collections.Immutable;
using NewLoom.Gateway.Chats;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Streams;

namespace NewLoom.Gateway.Audience;

/// <summary>While a silo is not heard, asks all topics again and again whether something was missed: nobody knows which
/// of them are on that silo.</summary>
internal sealed partial class SilenceWatch(
    ClusterConnection connection, HeardSilos heard, TopicCheck check, ChatAudience chats, StreamAudience streams,
    UserNews news, TimeProvider time, ILogger<SilenceWatch> logger)
    : BackgroundService
{
    /// <summary>The pause between two looks for a silo that is not heard.</summary>
    private static readonly TimeSpan LookPause = TimeSpan.FromSeconds(1);

    /// <summary>The pause between two rounds of questions.</summary>
    private static readonly TimeSpan RoundPause = TimeSpan.FromSeconds(3);

    private readonly ITopicAudience[] _audiences = [chats, streams];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ImmutableHashSet<SiloAddress> silent = [];
        IReadOnlySet<TopicFeed> unanswered = ImmutableHashSet<TopicFeed>.Empty;
        while (true)
        {
            await Task.Delay(
                silent.IsEmpty && unanswered.Count == 0 ? LookPause : RoundPause, time, stoppingToken);
            if (!connection.IsUp)
            {
                continue;    // when a silo is back, all topics are repaired
            }

            var before = silent;
            silent = heard.TakeSilent();
            Tell(before, silent);
            if (silent.IsEmpty && before.IsEmpty && unanswered.Count == 0)
            {
                continue;
            }

            // Also once after the silence: what was told in its last moments is lost.
            var feeds = _audiences.SelectMany(audience => audience.Feeds);
            unanswered = await check.AskAsync(
                silent.IsEmpty && before.IsEmpty ? feeds.Where(unanswered.Contains) : feeds, stoppingToken);
        }
    }

    private void Tell(ImmutableHashSet<SiloAddress> before, ImmutableHashSet<SiloAddress> now)
    {
        foreach (var silo in now.Except(before))
        {
            Log.Silent(logger, silo);
        }

        foreach (var silo in before.Except(now))
        {
            Log.Over(logger, silo);
        }

        if (now.IsEmpty && !before.IsEmpty)
        {
            news.Relist();
        }
    }
}
