using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>A ticket in the query: <c>?ticket=…</c>, so that no token is in a URL. Looking at it spends it.</summary>
internal sealed class TicketSource(IGrainFactory grains, CredentialChecks checks) : ICredentialSource
{
    public string Kind => "ticket";

    public string? Find(HttpRequest request) =>
        request.Query.TryGetValue("ticket", out var values) ? values.ToString() : null;

    public async Task<Identity?> ResolveAsync(
        HttpContext context, string credential, CancellationToken cancellationToken)
    {
        if (!IssuedSecret.IsWellFormed(credential))
        {
            return null;    // not worth a grain
        }

        var ticket = grains.GetGrain<ITicketGrain>(UserKeys.ForTicket(TokenHash.Of(credential)));
        return await ticket.RedeemAsync(cancellationToken) is { } grant
            && (grant.Handle is null || await checks.FindAsync(grant.Handle, cancellationToken) is not null)
            ? new Identity(grant.User, grant.ExpiresAt, grant.Scopes) { Handle = grant.Handle }
            : null;
    }
}
