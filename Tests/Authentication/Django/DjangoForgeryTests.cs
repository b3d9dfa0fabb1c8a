using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>Sessions that no login made: each differs in one thing from one that is let in.</summary>
public abstract class DjangoForgeryTests(DjangoFixture fixture)
{
    private const string CookieSalt = "django.contrib.sessions.backends.signed_cookies";
    private const string DatabaseSalt = "django.contrib.sessions.SessionStore";

    public static TheoryData<string> Makers => ["forge_cookie", "forge_row"];

    [Theory]
    [MemberData(nameof(Makers))]
    public async Task Session_IsLetIn_WhenNothingIsWrongWithIt(string maker)
    {
        var alice = await fixture.Site.CreateAsync();

        await using var socket = await fixture.OpenAsync(await ForgeAsync(maker, await DataAsync(alice)));

        Assert.Equal(alice.Name, (await socket.NextAsync("welcome")).Get<string>("user"));
    }

    [Theory]
    [MemberData(nameof(Makers))]
    public async Task Session_IsRefused_WhenItIsSignedWithAnotherKey(string maker)
    {
        var data = await DataAsync(await fixture.Site.CreateAsync());

        await fixture.AssertRefusedAsync(await ForgeAsync(maker, data, new() { ["key"] = "another key" }));
    }

    [Theory]
    [InlineData("forge_cookie", DatabaseSalt)]
    [InlineData("forge_row", CookieSalt)]
    [InlineData("forge_cookie", "django.core.signing")]
    [InlineData("forge_row", "django.core.signing")]
    public async Task Session_IsRefused_WhenItIsSignedForSomethingElse(string maker, string salt)
    {
        var data = await DataAsync(await fixture.Site.CreateAsync());

        await fixture.AssertRefusedAsync(await ForgeAsync(maker, data, new() { ["salt"] = salt }));
    }

    [Theory]
    [MemberData(nameof(Makers))]
    public async Task Session_IsRefused_WhenItIsPickled(string maker)
    {
        var data = await DataAsync(await fixture.Site.CreateAsync());

        await fixture.AssertRefusedAsync(await ForgeAsync(maker, data, new() { ["is_pickle"] = true }));
    }

    [Theory]
    [MemberData(nameof(Makers))]
    public async Task Session_IsRefused_WhenItMixesTwoUsers(string maker)
    {
        var alice = await fixture.Site.CreateAsync();
        var bob = await fixture.Site.CreateAsync();
        var data = await fixture.Site.ActAsync("session", new { username = alice.Name, hash_of = bob.Name });

        await fixture.AssertRefusedAsync(await ForgeAsync(maker, data));
    }

    [Theory]
    [InlineData("_auth_user_backend", null)]
    [InlineData("_auth_user_backend", "")]
    [InlineData("_auth_user_hash", null)]
    [InlineData("_auth_user_hash", "")]
    [InlineData("_auth_user_id", "999999999")]
    [InlineData("_auth_user_id", "-1")]
    [InlineData("_auth_user_id", "1 OR 1=1")]
    [InlineData("_auth_user_id", "99999999999999999999")]
    public async Task Session_IsRefused_WhenAPartIsMissingOrWrong(string part, string? value)
    {
        var alice = await fixture.Site.CreateAsync();
        var data = await fixture.Site.ActAsync(
            "session", new Dictionary<string, string?> { ["username"] = alice.Name, [part] = value });

        await fixture.AssertRefusedAsync(await ForgeAsync("forge_row", data));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"_auth_user_id":1,"_auth_user_backend":[],"_auth_user_hash":{}}""")]
    [InlineData("\"text\"")]
    public async Task Session_IsRefused_WhenItHoldsSomethingElse(string json)
    {
        var data = System.Text.Json.JsonDocument.Parse(json).RootElement;

        await fixture.AssertRefusedAsync(await ForgeAsync("forge_row", data));
    }

    [Fact]
    public async Task Session_IsRefused_WhenItsCookieIsTooOld()
    {
        var alice = await fixture.Site.CreateAsync();
        var data = await DataAsync(alice);
        const int Age = 14 * 24 * 60 * 60;

        await fixture.AssertRefusedAsync(await ForgeAsync("forge_cookie", data, new() { ["age"] = Age + 1 }));
        await using var socket = await fixture.OpenAsync(
            await ForgeAsync("forge_cookie", data, new() { ["age"] = Age - 60 }));
        Assert.Equal(alice.Name, (await socket.NextAsync("welcome")).Get<string>("user"));
    }

    [Fact]
    public async Task Session_IsRefused_WhenItIsTooLargeUnpacked()
    {
        var alice = await fixture.Site.CreateAsync();
        var data = await fixture.Site.ActAsync(
            "session", new { username = alice.Name, notes = new string('x', 2_000_000) });

        var cookie = await ForgeAsync("forge_cookie", data);

        Assert.InRange(cookie.Length, 1_000, 4_000);
        await fixture.AssertRefusedAsync(cookie);
    }

    private async Task<object> DataAsync(DjangoVisitor visitor) =>
        await fixture.Site.ActAsync("session", new { username = visitor.Name });

    private async Task<string> ForgeAsync(string maker, object data, Dictionary<string, object>? how = null) =>
        (await fixture.Site.ActAsync(maker, new Dictionary<string, object>(how ?? []) { ["data"] = data }))
            .GetString()!;
}

[Collection(SharedDjangoOnSqlite.Name)]
public sealed class SqliteDjangoForgeryTests(DjangoOnSqlite fixture) : DjangoForgeryTests(fixture);

[Collection(SharedDjangoOnPostgreSql.Name)]
public sealed class PostgreSqlDjangoForgeryTests(DjangoOnPostgreSql fixture) : DjangoForgeryTests(fixture);
