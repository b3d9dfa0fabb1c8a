using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>One ticket, valid until it is spent or too old.</summary>
/// <remarks>An activation that was issued nothing gives nothing, so a second one (after a crash, or beside the first)
/// can refuse a good ticket, but never let one in twice.</remarks>
internal sealed class TicketGrain(TimeProvider time) : Grain, ITicketGrain
{
    private TicketGrant? _grant;
    private DateTimeOffset _expiresAt;

    /// <inheritdoc/>
    public Task IssueAsync(TicketGrant grant, CancellationToken cancellationToken)
    {
        _grant = grant;
        _expiresAt = time.GetUtcNow() + IssuedTicket.Lifetime;
        DelayDeactivation(IssuedTicket.Lifetime);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<TicketGrant?> RedeemAsync(CancellationToken cancellationToken)
    {
        var grant = time.GetUtcNow() < _expiresAt ? _grant : null;
        _grant = null;
        DeactivateOnIdle();
        return Task.FromResult(grant);
    }
}
