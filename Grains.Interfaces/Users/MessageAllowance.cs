namespace NewLoom.Users;

/// <summary>How many messages a gateway may pass on for a user.</summary>
[GenerateSerializer, Immutable, Alias("newloom.user.allowance")]
public sealed record MessageAllowance
{
    /// <summary>The most messages that a gateway may take ahead at once: 8.</summary>
    public const int ChunkCount = 8;

    /// <summary>How long a gateway may spend what it took: 10 s from its call. What is left then is void.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>Messages, 0 when the rate is used up.</summary>
    [Id(0)] public required int Count { get; init; }

    /// <summary>With a count of 0: when to ask again.</summary>
    [Id(1)] public TimeSpan RetryAfter { get; init; }
}
