using System.Collections.Immutable;

namespace NewLoom.Users;

/// <summary>What a ticket gives its bearer: what the credential gives that it was asked for with.</summary>
[GenerateSerializer, Immutable, Alias("newloom.ticket.grant")]
public sealed record TicketGrant
{
    /// <summary>Who the bearer is.</summary>
    [Id(0)] public required string User { get; init; }

    /// <summary>When the credential behind it ends, UTC; null when it does not.</summary>
    [Id(1)] public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Names of <see cref="TokenScopes"/>.</summary>
    [Id(2)] public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>The credential behind it, with which the socket ends.</summary>
    [Id(3)] public required CredentialHandle Handle { get; init; }
}
