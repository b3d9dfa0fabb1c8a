using NewLoom.Gateways;

namespace NewLoom.Streams;

/// <summary>Something that happened in a stream, for the gateways that listen to it.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.event")]
public abstract record StreamEvent : TopicEvent
{
    /// <summary>The execution in which it happened, from 1.</summary>
    [Id(0)] public required int Execution { get; init; }
}

/// <summary>The status was reported or changed; its place is <see cref="TopicPosition.LastSeq"/>.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.event.status")]
public sealed record StatusChanged : StreamEvent
{
    /// <summary>Its place among the stream's statuses and errors.</summary>
    [Id(0)] public required long Seq { get; init; }

    /// <summary>The status.</summary>
    [Id(1)] public required StreamStatus Status { get; init; }

    /// <summary>When the service took it, UTC, whole milliseconds; never falls within a stream.</summary>
    [Id(2)] public required DateTimeOffset Timestamp { get; init; }

    /// <summary>With a terminal status, and with no other: the final counters, to be shown before it. Zeros and the
    /// time it ran, when none were ever reported.</summary>
    [Id(3)] public StreamStats? FinalStats { get; init; }

    /// <inheritdoc/>
    public override bool IsPlaced => true;
}

/// <summary>An error was reported; its place is <see cref="TopicPosition.LastSeq"/>.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.event.error")]
public sealed record ErrorReported : StreamEvent
{
    /// <summary>The error.</summary>
    [Id(0)] public required StreamError Error { get; init; }

    /// <inheritdoc/>
    public override bool IsPlaced => true;
}

/// <summary>The counters changed. The latest wins: those between may be left out, and these may be lost.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.event.stats")]
public sealed record StatsChanged : StreamEvent
{
    /// <summary>The counters.</summary>
    [Id(0)] public required StreamStats Stats { get; init; }
}

/// <summary>The activation that told this has ended because another one goes on with the stream; <see
/// cref="TopicPosition.Epoch"/> is nobody's, so that listeners join anew.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.event.activation-ended")]
public sealed record StreamActivationEnded : StreamEvent;

/// <summary>Somebody may not view the stream any more and must receive nothing after this.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.event.removed")]
public sealed record ViewerRemoved : StreamEvent, IAccessRemoved
{
    /// <summary>The former viewer; null when the stream was deleted, and nobody is one.</summary>
    [Id(0)] public required string? User { get; init; }
}
