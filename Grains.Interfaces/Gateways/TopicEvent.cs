namespace NewLoom.Gateways;

/// <summary>Something that happened in a topic, for the gateways that listen to it. A topic is what sockets subscribe
/// to: a chat or a stream.</summary>
[GenerateSerializer, OmitDefaultMemberValues, Immutable, Alias("newloom.topic.event")]
public abstract record TopicEvent : GatewayEvent
{
    /// <summary>The chat's or stream's id.</summary>
    [Id(0)] public required long TopicId { get; init; }

    /// <summary>The position of the topic with this event in it.</summary>
    [Id(1)] public required TopicPosition Position { get; init; }

    /// <summary>When it had become durable, UTC; not set for what does not.</summary>
    [Id(2)] public DateTimeOffset DurableAt { get; init; }

    /// <summary>The W3C <c>traceparent</c> of what told it, if that is traced.</summary>
    [Id(3)] public string? Trace { get; init; }

    /// <summary>Whether it is durable and has a place of its own, <see cref="TopicPosition.LastSeq"/>: such an event
    /// must not be missed.</summary>
    public virtual bool IsPlaced => false;
}
