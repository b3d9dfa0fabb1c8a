using NewLoom.Audit;
using NewLoom.Users;

namespace NewLoom.Tests.Users;

[Collection<SharedUsers>]
public sealed class SessionTests(UsersCluster cluster)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly IUserGrain _user =
        cluster.Grains.GetGrain<IUserGrain>(UserKeys.ForUser(Guid.NewGuid().ToString("N")));

    [Fact]
    public async Task Session_IsATokenThatIsNotListed_AndEndsWithItsParent()
    {
        await _user.CreateAsync(Actor.Administrator, _ct);
        var (token, other) = (await IssueAsync(), await IssueAsync());
        var session = await BeginAsync(TokenHash.Of(token.Token));
        var free = await BeginAsync(parentHash: null);

        Assert.NotNull(await GrantOf(session));
        Assert.Equal(
            [token.Info.TokenId, other.Info.TokenId], (await _user.ListTokensAsync(_ct))!.Value.Select(t => t.TokenId));
        await _user.RevokeTokenAsync(Actor.Administrator, token.Info.TokenId, _ct);

        Assert.Null(await GrantOf(session));
        Assert.NotNull(await GrantOf(free));
        Assert.NotNull(await GrantOf(other));
    }

    [Fact]
    public async Task Session_IsEndedByItsHash_WhichEndsNoToken()
    {
        await _user.CreateAsync(Actor.Administrator, _ct);
        var token = await IssueAsync();
        var session = await BeginAsync(TokenHash.Of(token.Token));

        await _user.EndSessionAsync(Actor.Administrator, TokenHash.Of(session.Token), _ct);
        await _user.EndSessionAsync(Actor.Administrator, TokenHash.Of(session.Token), _ct);
        await _user.EndSessionAsync(Actor.Administrator, TokenHash.Of(token.Token), _ct);

        Assert.Null(await GrantOf(session));
        Assert.NotNull(await GrantOf(token));
    }

    [Fact]
    public async Task Session_IsRefused_WhenItsParentHasEnded()
    {
        await _user.CreateAsync(Actor.Administrator, _ct);
        var token = await IssueAsync();
        await _user.RevokeTokenAsync(Actor.Administrator, token.Info.TokenId, _ct);
        Assert.Null(await _user.BeginSessionAsync(
            Actor.Administrator, TokenHash.Of(token.Token), Hour, TokenScopes.Usual, _ct));
    }

    [Fact]
    public async Task Session_IsRefused_WhenItsParentIsASession_AndWouldOutliveTheToken()
    {
        await _user.CreateAsync(Actor.Administrator, _ct);
        var token = await IssueAsync();
        var session = await BeginAsync(TokenHash.Of(token.Token));
        Assert.Null(await _user.BeginSessionAsync(
            Actor.Administrator, TokenHash.Of(session.Token), Hour, TokenScopes.Usual, _ct));
    }

    [Fact]
    public async Task OldestSession_Ends_WhenThereAreAHundred_AndNoTokenDoes()
    {
        await _user.CreateAsync(Actor.Administrator, _ct);
        var token = await IssueAsync();
        var first = await BeginAsync(TokenHash.Of(token.Token));
        for (var i = 0; i < 100; i++)
        {
            await BeginAsync(TokenHash.Of(token.Token));
        }

        Assert.Null(await GrantOf(first));
        Assert.NotNull(await GrantOf(token));
    }

    private async Task<IssuedToken> IssueAsync() =>
        (await _user.IssueTokenAsync(Actor.Administrator, Hour, TokenScopes.Usual, _ct))!;

    private async Task<IssuedToken> BeginAsync(string? parentHash) =>
        (await _user.BeginSessionAsync(Actor.Administrator, parentHash, Hour, TokenScopes.Usual, _ct))!;

    private Task<TokenGrant?> GrantOf(IssuedToken token) =>
        cluster.Grains.GetGrain<ITokenGrain>(UserKeys.ForToken(TokenHash.Of(token.Token))).CheckAsync(_ct);
}
