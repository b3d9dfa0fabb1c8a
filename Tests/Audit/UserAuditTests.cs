using System.Collections.Immutable;
using NewLoom.Audit;
using NewLoom.Tests.Users;
using NewLoom.Users;

namespace NewLoom.Tests.Audit;

/// <summary>What a user's grain records: sessions, and what ends because of something else.</summary>
[Collection<SharedUsers>]
public sealed class UserAuditTests(UsersCluster cluster)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly string _name = Guid.NewGuid().ToString("N");

    private IUserGrain User => cluster.Grains.GetGrain<IUserGrain>(UserKeys.ForUser(_name));

    [Fact]
    public async Task Sessions_AreRecorded_WithThoseThatEndWithTheirToken()
    {
        await User.CreateAsync(Actor.System, _ct);
        var token = await IssueAsync();
        var hash = TokenHash.Of(token.Token);
        var (first, second) = (await BeginAsync(hash), await BeginAsync(hash));
        await User.EndSessionAsync(_name, TokenHash.Of(first.Token), _ct);
        await User.EndSessionAsync(_name, TokenHash.Of(first.Token), _ct);
        await User.RevokeTokenAsync(Actor.Administrator, token.Info.TokenId, _ct);

        var entries = await ReadAsync();
        Assert.Equal<(string, string, Guid?)>(
            [
                (Actor.System, AuditAction.UserCreated, null),
                (_name, AuditAction.TokenIssued, token.Info.TokenId),
                (_name, AuditAction.SessionBegun, first.Info.TokenId),
                (_name, AuditAction.SessionBegun, second.Info.TokenId),
                (_name, AuditAction.SessionEnded, first.Info.TokenId),
                (Actor.Administrator, AuditAction.TokenRevoked, token.Info.TokenId),
                (Actor.Administrator, AuditAction.SessionEnded, second.Info.TokenId),
            ],
            entries.Select(entry => (entry.Actor, entry.Action, entry.TokenId)));
        Assert.All(entries, entry => Assert.Equal(_name, entry.User));
    }

    [Fact]
    public async Task OldestTokenAndSession_AreRecordedAsDisplaced_WhenThereAreTooMany()
    {
        await User.CreateAsync(Actor.Administrator, _ct);
        var (token, session) = (await IssueAsync(), await BeginAsync(parentHash: null));
        for (var i = 0; i < 100; i++)
        {
            await IssueAsync();
            await BeginAsync(parentHash: null);
        }

        var displaced = (await ReadAsync())
            .Where(entry => entry.Action.EndsWith("displaced", StringComparison.Ordinal));
        Assert.Equal<(string, string, Guid?)>(
            [
                (_name, AuditAction.TokenDisplaced, token.Info.TokenId),
                (_name, AuditAction.SessionDisplaced, session.Info.TokenId),
            ],
            displaced.Select(entry => (entry.Actor, entry.Action, entry.TokenId)));
    }

    [Fact]
    public async Task WhatChangesNothing_IsNotRecorded()
    {
        Assert.False(await User.DeleteAsync(Actor.Administrator, _ct));
        Assert.Null(await User.IssueTokenAsync(Actor.Administrator, Hour, TokenScopes.Usual, _ct));
        await User.EndSessionAsync(Actor.Administrator, "hash", _ct);
        Assert.Empty(await ReadAsync());

        await User.CreateAsync(Actor.Administrator, _ct);
        Assert.False(await User.CreateAsync(Actor.Administrator, _ct));
        Assert.False(await User.RevokeTokenAsync(Actor.Administrator, Guid.NewGuid(), _ct));
        Assert.Equal(AuditAction.UserCreated, Assert.Single(await ReadAsync()).Action);
    }

    [Fact]
    public async Task Change_IsNotMade_WhenItsActorIsNobody()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => User.CreateAsync("", _ct));
        Assert.Null(await User.GetCreatedAtAsync(_ct));
        await User.CreateAsync(Actor.System, _ct);
        await Assert.ThrowsAsync<ArgumentException>(() => User.IssueTokenAsync("", Hour, TokenScopes.Usual, _ct));
        await Assert.ThrowsAsync<ArgumentException>(() => User.DeleteAsync("(nobody)", _ct));
        Assert.Empty((await User.ListTokensAsync(_ct))!.Value);
    }

    private async Task<IssuedToken> IssueAsync() =>
        (await User.IssueTokenAsync(_name, Hour, TokenScopes.Usual, _ct))!;

    private async Task<IssuedToken> BeginAsync(string? parentHash) =>
        (await User.BeginSessionAsync(_name, parentHash, Hour, TokenScopes.Usual, _ct))!;

    private Task<ImmutableArray<AuditEntry>> ReadAsync() =>
        cluster.Grains.GetGrain<IAuditGrain>(0).ListAsync(_name, 0, 1_000, _ct);
}
