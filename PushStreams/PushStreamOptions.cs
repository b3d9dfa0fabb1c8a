using Microsoft.Extensions.Options;

namespace NewLoom.PushStreams;

/// <summary>Limits of one push stream provider on one silo. Clients need none.</summary>
public sealed class PushStreamOptions
{
    /// <summary>Events that may wait for one subscription, 1 to 1,000,000. (default: 10,000)</summary>
    /// <remarks>
    /// At the limit everything that waits for that subscription is dropped except the newest event, whose token then
    /// says <see cref="PushStreamToken.Resynchronise"/>. Other subscriptions keep theirs.
    /// </remarks>
    public int BacklogCount { get; set; } = 10_000;

    /// <summary>Streams that may be live on the silo at once, 1 to 100,000. (default: 1,000)</summary>
    /// <remarks>
    /// A stream is live while it has a subscriber or an event that waits for one. At the limit, publishing to one more
    /// stream throws <see cref="InvalidOperationException"/>; streams that are live already are not affected.
    /// </remarks>
    public int StreamCount { get; set; } = 1_000;

    /// <summary>Queues that the streams of one silo are spread over, 1 to 64. (default: 8)</summary>
    /// <remarks>
    /// While a stream that is new on the silo waits for its subscribers to answer, the other streams of its queue wait
    /// too. Each queue has a pulling agent, which costs nothing while there is nothing to do.
    /// </remarks>
    public int QueueCount { get; set; } = 8;

    /// <summary>How long a delivery is tried again before its batch is given up, 1 s to 1 h. (default: 1 min)</summary>
    /// <remarks>
    /// Then the observer's <c>OnErrorAsync</c> is called once, and the next event that is delivered says
    /// <see cref="PushStreamToken.Resynchronise"/>.
    /// </remarks>
    public TimeSpan DeliveryLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the answer to a delivery is waited for before it is tried again, 100 ms to 1 h. (default:
    /// 2 s)</summary>
    /// <remarks>
    /// A subscriber that takes longer than this for a batch gets it again. Orleans' own response timeout is the most.
    /// </remarks>
    public TimeSpan AnswerLimit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a silo that stops goes on delivering what is queued, 0 to 5 min. (default: 5 s)</summary>
    /// <remarks>What is still queued then is lost, with a warning in the log. Zero does not wait.</remarks>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an idle queue waits for events before it tidies up, 1 s to 10 min. (default: 10 s)</summary>
    /// <remarks>
    /// An event never waits for this: it ends the wait at once. Events that no subscriber claims are kept for this
    /// time at least, since a subscriber may be on its way, and for three times as long at most.
    /// </remarks>
    public TimeSpan IdleLimit { get; set; } = TimeSpan.FromSeconds(10);
}

internal sealed class PushStreamOptionsValidator : IValidateOptions<PushStreamOptions>
{
    public ValidateOptionsResult Validate(string? name, PushStreamOptions options)
    {
        var failures = new List<string>();
        Check(nameof(options.BacklogCount), options.BacklogCount, 1, 1_000_000);
        Check(nameof(options.StreamCount), options.StreamCount, 1, 100_000);
        Check(nameof(options.QueueCount), options.QueueCount, 1, 64);
        Check(nameof(options.DeliveryLimit), options.DeliveryLimit, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Check(nameof(options.AnswerLimit), options.AnswerLimit, TimeSpan.FromSeconds(0.1), TimeSpan.FromHours(1));
        Check(nameof(options.DrainLimit), options.DrainLimit, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Check(nameof(options.IdleLimit), options.IdleLimit, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check<T>(string property, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                failures.Add($"{property} of push streams '{name}' is {value}, but must be from {least} to {most}.");
            }
        }
    }
}
