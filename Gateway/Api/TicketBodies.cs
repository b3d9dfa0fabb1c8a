namespace NewLoom.Gateway.Api;

/// <summary>A new ticket, shown this once.</summary>
/// <param name="Ticket">The secret; good for one socket.</param>
/// <param name="ExpiresAt">When it stops being good: 30 s from now.</param>
internal sealed record TicketBody(string Ticket, DateTimeOffset ExpiresAt)
{
    /// <summary>Leaves the secret out of logs.</summary>
    public override string ToString() => nameof(TicketBody);
}
