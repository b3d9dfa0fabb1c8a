using Microsoft.Extensions.Time.Testing;
using NewLoom.Audit;
using NewLoom.Users;

namespace NewLoom.Tests.Users;

public sealed class TicketGrainTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ticket_GivesWhatItWasAskedForWith_OnceAndInTime()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var cluster = await UsersCluster.StartAsync(new FakeChatStore(), new FakePublisher(), time);
        var user = cluster.Client.GetGrain<IUserGrain>(UserKeys.ForUser("alice"));
        var handle = CredentialHandle.OfIssued("hash");
        Assert.Null(await user.IssueTicketAsync(handle, null, TokenScopes.Usual, _ct));    // no such user
        await user.CreateAsync(Actor.Administrator, _ct);

        var until = time.GetUtcNow().AddHours(1);
        var issued = (await user.IssueTicketAsync(handle, until, [TokenScopes.Chat], _ct))!;
        Assert.Equal(time.GetUtcNow().AddSeconds(30), issued.ExpiresAt);
        Assert.DoesNotContain(issued.Ticket, issued.ToString(), StringComparison.Ordinal);

        var grant = await TicketOf(issued).RedeemAsync(_ct);
        Assert.Equal(("alice", until, handle), (grant!.User, grant.ExpiresAt!.Value, grant.Handle));
        Assert.Equal([TokenScopes.Chat], grant.Scopes);
        Assert.Null(await TicketOf(issued).RedeemAsync(_ct));

        var late = (await user.IssueTicketAsync(handle, until, [TokenScopes.Chat], _ct))!;
        time.Advance(IssuedTicket.Lifetime);
        Assert.Null(await TicketOf(late).RedeemAsync(_ct));

        ITicketGrain TicketOf(IssuedTicket ticket) =>
            cluster.Client.GetGrain<ITicketGrain>(UserKeys.ForTicket(TokenHash.Of(ticket.Ticket)));
    }
}
