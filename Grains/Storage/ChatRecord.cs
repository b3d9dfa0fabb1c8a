namespace NewLoom.Grains.Storage;

/// <summary>A chat as it is stored.</summary>
public sealed record ChatRecord
{
    /// <summary>1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Username of the owner.</summary>
    public required string Owner { get; init; }

    /// <summary>The last message's place; 0 when there is none.</summary>
    public required long LastSeq { get; init; }

    /// <summary>The last message's time; the Unix epoch when there is none.</summary>
    public required DateTimeOffset LastTimestamp { get; init; }

    /// <summary>The members, in the order in which they joined.</summary>
    public required IReadOnlyList<MemberRecord> Members { get; init; }
}

/// <summary>A membership as it is stored; the marks are places of messages, 0 before the first.</summary>
public readonly record struct MemberRecord(string User, long DeliveredSeq, long ReadSeq);
