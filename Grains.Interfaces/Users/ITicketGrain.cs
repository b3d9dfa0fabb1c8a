namespace NewLoom.Users;

/// <summary>One ticket: opens one socket, soon. The key is <see cref="UserKeys.ForTicket"/> of its hash.</summary>
/// <remarks>Kept in memory alone: a ticket that dies with its silo is asked for again.</remarks>
[Alias("newloom.ticket")]
public interface ITicketGrain : IGrainWithStringKey
{
    /// <summary>Makes the ticket valid. Only the user's own grain calls this.</summary>
    [Alias("issue")]
    Task IssueAsync(TicketGrant grant, CancellationToken cancellationToken = default);

    /// <summary>Spends the ticket.</summary>
    /// <returns>What it gives, once; then, and when it is unknown or expired, null.</returns>
    [Alias("redeem")]
    Task<TicketGrant?> RedeemAsync(CancellationToken cancellationToken = default);
}
