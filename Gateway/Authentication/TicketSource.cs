using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>A ticket in a socket's query: <c>?ticket=…</c>, so that no token is in a URL. Looking at it spends
/// it.</summary>
internal sealed class TicketSource(IGrainFactory grains, CredentialChecks checks) : ICredentialSource
{
    public string Kind => "ticket";

    public string? Find(HttpRequest request) =>
        request.Query.TryGetValue("ticket", out var values) && request.HttpContext.WebSockets.IsWebSocketRequest
            ? values.ToString()
            : null;

    public async Task<Identity?> ResolveAsync(
        HttpContext context, string credential, CancellationToken cancellationToken)
    {
        if (!IssuedSecret.IsWellFormed(credential))
        {
            return null;    // not worth a grain
        }

        var ticket = grains.GetGrain<ITicketGrain>(UserKeys.ForTicket(TokenHash.Of(credential)));
        return await ticket.RedeemAsync(cancellationToken) is { } grant
            && await checks.FindAsync(grant.Handle, cancellationToken) is not null
            ? new Identity(grant.User, grant.ExpiresAt, grant.Scopes) { Handle = grant.Handle }
            : null;
    }
}
