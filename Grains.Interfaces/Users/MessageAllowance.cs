namespace NewLoom.Users;

/// <summary>How many messages a gateway may pass on for a user.</summary>
[GenerateSerializer, Immutable, Alias("newloom.user.allowance")]
public sealed record MessageAllowance
{
    /// <summary>Messages, 0 when the rate is used up.</summary>
    [Id(0)] public required int Count { get; init; }

    /// <summary>With a count of 0: when to ask again.</summary>
    [Id(1)] public TimeSpan RetryAfter { get; init; }
}
