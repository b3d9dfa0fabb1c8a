namespace NewLoom.Users;

/// <summary>A new ticket, shown this once.</summary>
[GenerateSerializer, Immutable, Alias("newloom.ticket.issued")]
public sealed record IssuedTicket
{
    /// <summary>How long a ticket may wait to be spent: 30 s.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>The secret: 43 characters of base64url, 256 random bits.</summary>
    [Id(0)] public required string Ticket { get; init; }

    /// <summary>When it stops being valid, UTC.</summary>
    [Id(1)] public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Leaves the secret out of logs.</summary>
    public override string ToString() => $"{nameof(IssuedTicket)} until {ExpiresAt:O}";
}
