using Microsoft.Extensions.Time.Testing;
using NewLoom.Audit;
using NewLoom.Users;

namespace NewLoom.Tests.Users;

[Collection<SharedUsers>]
public sealed class UserGrainTests(UsersCluster cluster)
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly IUserGrain _user = UserOf(cluster.Grains, Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task User_IsCreatedOnce_AndShownUntilDeleted()
    {
        Assert.Null(await _user.GetCreatedAtAsync(_ct));
        Assert.True(await _user.CreateAsync(Actor.Administrator, _ct));
        Assert.False(await _user.CreateAsync(Actor.Administrator, _ct));
        Assert.NotNull(await _user.GetCreatedAtAsync(_ct));

        Assert.True(await _user.DeleteAsync(Actor.Administrator, _ct));
        Assert.False(await _user.DeleteAsync(Actor.Administrator, _ct));
        Assert.Null(await _user.GetCreatedAtAsync(_ct));
        Assert.True(await _user.CreateAsync(Actor.Administrator, _ct));
    }

    [Fact]
    public async Task User_IsRemembered_WhenItsActivationEnds()
    {
        await _user.CreateAsync(Actor.Administrator, _ct);
        var token = await IssueAsync();
        await cluster.Cluster.DeactivateAsync(_user);
        await cluster.Cluster.DeactivateAsync(TokenOf(token.Token));

        Assert.NotNull(await _user.GetCreatedAtAsync(_ct));
        Assert.Equal([token.Info.TokenId], (await _user.ListTokensAsync(_ct))!.Value.Select(t => t.TokenId));
        Assert.NotNull(await TokenOf(token.Token).CheckAsync(_ct));
    }

    [Fact]
    public async Task Token_GivesItsGrant_UntilRevoked()
    {
        await _user.CreateAsync(Actor.Administrator, _ct);
        var token = await IssueAsync();
        Assert.Equal(43, token.Token.Length);
        Assert.DoesNotContain(token.Token, token.ToString());

        var grant = await TokenOf(token.Token).CheckAsync(_ct);
        Assert.Equal((token.Info.TokenId, token.Info.ExpiresAt), (grant!.TokenId, grant.ExpiresAt));
        Assert.Equal([TokenScopes.Chat], grant.Scopes);

        Assert.True(await _user.RevokeTokenAsync(Actor.Administrator, token.Info.TokenId, _ct));
        Assert.False(await _user.RevokeTokenAsync(Actor.Administrator, token.Info.TokenId, _ct));
        Assert.Null(await TokenOf(token.Token).CheckAsync(_ct));
        Assert.Empty((await _user.ListTokensAsync(_ct))!.Value);
    }

    [Fact]
    public async Task Deletion_RevokesAllTokens()
    {
        await _user.CreateAsync(Actor.Administrator, _ct);
        IssuedToken[] tokens = [await IssueAsync(), await IssueAsync()];
        await _user.DeleteAsync(Actor.Administrator, _ct);

        foreach (var token in tokens)
        {
            Assert.Null(await TokenOf(token.Token).CheckAsync(_ct));
        }

        await _user.CreateAsync(Actor.Administrator, _ct);
        Assert.Empty((await _user.ListTokensAsync(_ct))!.Value);
    }

    [Fact]
    public async Task OldestToken_IsRevoked_WhenTheUserHasAHundred()
    {
        await _user.CreateAsync(Actor.Administrator, _ct);
        var first = await IssueAsync();
        for (var i = 1; i < 100; i++)
        {
            await IssueAsync();
        }

        Assert.NotNull(await TokenOf(first.Token).CheckAsync(_ct));
        var last = await IssueAsync();
        Assert.Null(await TokenOf(first.Token).CheckAsync(_ct));
        Assert.NotNull(await TokenOf(last.Token).CheckAsync(_ct));
        Assert.Equal(100, (await _user.ListTokensAsync(_ct))!.Value.Length);
    }

    [Fact]
    public async Task Token_IsRefused_WhenThereIsNoUserOrTheRequestIsWrong()
    {
        Assert.Null(await _user.IssueTokenAsync(Actor.Administrator, TimeSpan.FromHours(1), TokenScopes.Usual, _ct));
        Assert.Null(await _user.ListTokensAsync(_ct));
        Assert.False(await _user.RevokeTokenAsync(Actor.Administrator, Guid.NewGuid(), _ct));
        await Assert.ThrowsAsync<ArgumentException>(
            () => _user.IssueTokenAsync(Actor.Administrator, TimeSpan.FromHours(1), ["root"], _ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => _user.IssueTokenAsync(Actor.Administrator, TimeSpan.Zero, TokenScopes.Usual, _ct));
    }

    [Fact]
    public async Task UnknownToken_LeavesNoActivation_WhenChecked()
    {
        var token = TokenOf(Guid.NewGuid().ToString());
        var left = cluster.Cluster.WaitForDeactivationAsync(token);
        Assert.Null(await token.CheckAsync(_ct));
        await left.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, _ct);
    }

    [Fact]
    public async Task Token_Ends_WhenItsTimeIsOver()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var own = await UsersCluster.StartAsync(new FakeChatStore(), new FakePublisher(), time);
        var user = UserOf(own.Client, "alice");
        await user.CreateAsync(Actor.Administrator, _ct);
        var token = (await user.IssueTokenAsync(
            Actor.Administrator, TimeSpan.FromMinutes(1), [TokenScopes.Chat], _ct))!;
        var check = own.Client.GetGrain<ITokenGrain>(UserKeys.ForToken(TokenHash.Of(token.Token)));

        time.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(await check.CheckAsync(_ct));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await check.CheckAsync(_ct));
        Assert.Empty((await user.ListTokensAsync(_ct))!.Value);
    }

    private static IUserGrain UserOf(IGrainFactory grains, string name) =>
        grains.GetGrain<IUserGrain>(UserKeys.ForUser(name));

    private ITokenGrain TokenOf(string token) =>
        cluster.Grains.GetGrain<ITokenGrain>(UserKeys.ForToken(TokenHash.Of(token)));

    private async Task<IssuedToken> IssueAsync() =>
        (await _user.IssueTokenAsync(Actor.Administrator, TimeSpan.FromHours(1), [TokenScopes.Chat], _ct))!;
}
