namespace NewLoom.Streams;

/// <summary>A stream as its owner, or a user with a right on it, sees it.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.info")]
public sealed record StreamInfo
{
    /// <summary>The stream's id.</summary>
    [Id(0)] public required long StreamId { get; init; }

    /// <summary>1 to 200 characters.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Username of the owner, who gives the rights. Begins with both rights, like anybody else's.</summary>
    [Id(2)] public required string Owner { get; init; }

    /// <summary>Whether the user may view it.</summary>
    [Id(3)] public required bool CanView { get; init; }

    /// <summary>Whether the user may report to it.</summary>
    [Id(4)] public required bool CanPublish { get; init; }
}
