using System.Collections.Immutable;
using NewLoom.Gateways;
using NewLoom.Grains.Telemetry;

namespace NewLoom.Grains.Gateways;

/// <summary>Tells one activation's events to the gateways that listen, each with the topic's position.</summary>
/// <param name="topicId">The chat's or stream's id.</param>
/// <param name="lastSeq">The last placed event so far.</param>
/// <param name="publisher">The way to the gateways.</param>
/// <param name="time">The clock.</param>
internal sealed class TopicTeller(long topicId, long lastSeq, IGatewayPublisher publisher, TimeProvider time)
{
    private readonly Guid _epoch = Guid.NewGuid();
    private int _removalCount;

    public long TopicId { get; } = topicId;

    public Listeners Listeners { get; } = new(time.GetUtcNow());

    /// <summary>The last placed event that listeners were told.</summary>
    public long LastSeq { get; private set; } = lastSeq;

    public TopicPosition Position => new() { Epoch = _epoch, LastSeq = LastSeq, RemovalCount = _removalCount };

    /// <summary>The position of the activation that listeners will find next: they have to ask for it.</summary>
    public TopicPosition NextPosition => Position with { Epoch = Guid.NewGuid() };

    /// <summary>Whether another activation is known to have written to the topic, or may have: this one ends, and its
    /// listeners must look for the other one.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>The time, UTC.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Moves on to the next placed event.</summary>
    /// <returns>The position to tell it with.</returns>
    public TopicPosition Place(long seq)
    {
        LastSeq = seq;
        return Position;
    }

    /// <summary>Moves on to the next removal.</summary>
    /// <returns>The position to tell it with.</returns>
    public TopicPosition Remove()
    {
        _removalCount++;
        return Position;
    }

    /// <summary>Keeps a gateway among the listeners if one of its users may receive the topic, or none is
    /// named.</summary>
    /// <remarks>Asking never makes a gateway leave: somebody may have joined through it a moment ago.</remarks>
    public RejoinResult Rejoin(string gatewayId, ImmutableArray<string> users, Func<string, bool> admits)
    {
        var strangers = users.Where(user => !admits(user)).ToImmutableArray();
        if (strangers.Length < users.Length || users.IsEmpty)
        {
            Listeners.Join(gatewayId, time.GetUtcNow());
        }

        return new RejoinResult { Strangers = strangers, Position = Position };
    }

    /// <summary>Tells the gateways that listen.</summary>
    public async Task TellAsync(TopicEvent item)
    {
        await publisher.Listed;
        using var span = GrainTraces.StartPublish();
        item = span is { Recorded: true } ? item with { Trace = span.Id } : item;
        foreach (var gatewayId in Listeners.Targets(publisher.LiveGateways, time.GetUtcNow()))
        {
            await publisher.PublishAsync(gatewayId, item);
        }
    }
}
