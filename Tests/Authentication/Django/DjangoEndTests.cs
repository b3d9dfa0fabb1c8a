using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>What ends in Django ends the sockets that rest on it; each waits at most 20 s, less than the 30 s that are
/// promised.</summary>
public abstract class DjangoEndTests(DjangoFixture fixture)
{
    /// <summary>All at once: every end takes as long as the next look at Django takes to come.</summary>
    [Fact]
    public async Task Sockets_End_WhenDjangoEndsWhatTheyRestOn()
    {
        var untouched = await LoginAsync("db");
        await using var staying = await WelcomedAsync(await fixture.OpenAsync(untouched.Session));
        Func<Task<TestSocket>>[] ends =
        [
            .. from engine in new[] { "db", "signed_cookies" }
               from action in new[] { "set_password", "set_active", "rename" }
               select (Func<Task<TestSocket>>)(() => ActOnSessionAsync(engine, action)),
            LogoutAsync,
            ChangePasswordAsync,
            DeleteTokenAsync,
            DeactivateTokenUserAsync,
        ];

        var sockets = await Task.WhenAll(ends.Select(end => end()));

        foreach (var socket in sockets)
        {
            await Credentials.ExpectExpiredAsync(socket);
            await socket.DisposeAsync();
        }

        Assert.Empty(await staying.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task Socket_Ends_WhenItsSessionExpires()
    {
        var visitor = await LoginAsync("db");
        await fixture.Site.ActAsync("expire", new { session_key = visitor.Session, seconds = 3 });

        await using var socket = await WelcomedAsync(await fixture.OpenAsync(visitor.Session));

        await Credentials.ExpectExpiredAsync(socket);
    }

    [Fact]
    public async Task Socket_GoesOn_WhenDjangoProlongsItsSession()
    {
        var (prolonged, other) = (await LoginAsync("db"), await LoginAsync("db"));
        await fixture.Site.ActAsync("expire", new { session_key = prolonged.Session, seconds = 3 });
        await fixture.Site.ActAsync("expire", new { session_key = other.Session, seconds = 4 });
        await using var socket = await WelcomedAsync(await fixture.OpenAsync(prolonged.Session));
        await using var ending = await WelcomedAsync(await fixture.OpenAsync(other.Session));

        await fixture.Site.ActAsync("expire", new { session_key = prolonged.Session, seconds = 3_600 });

        await Credentials.ExpectExpiredAsync(ending);
        Assert.Empty(await socket.UntilHeartbeatAsync());
    }

    private async Task<TestSocket> ActOnSessionAsync(string engine, string action)
    {
        var visitor = await LoginAsync(engine);
        var socket = await WelcomedAsync(await fixture.OpenAsync(visitor.Session));
        await fixture.SiteOf(engine).ActAsync(action, action switch
        {
            "set_password" => new { username = visitor.Name, password = "another" },
            "rename" => new { username = visitor.Name, to = $"{visitor.Name}-2" },
            _ => (object)new { username = visitor.Name, is_active = false },
        });
        return socket;
    }

    private async Task<TestSocket> LogoutAsync()
    {
        var visitor = await LoginAsync("db");
        var socket = await WelcomedAsync(await fixture.OpenAsync(visitor.Session));
        await visitor.LogoutAsync();
        return socket;
    }

    private async Task<TestSocket> ChangePasswordAsync()
    {
        var visitor = await LoginAsync("db");
        var session = visitor.Session;
        var socket = await WelcomedAsync(await fixture.OpenAsync(session));
        await visitor.ChangePasswordAsync("another long enough password");
        Assert.NotEqual(session, visitor.Session);
        return socket;
    }

    private async Task<TestSocket> DeleteTokenAsync()
    {
        var visitor = await fixture.Site.CreateAsync();
        var socket = await WelcomedAsync(
            await TestSocket.OpenAsync(fixture.Service, await visitor.TokenAsync(), isExtended: true));
        await fixture.Site.ActAsync("delete_token", new { username = visitor.Name });
        return socket;
    }

    private async Task<TestSocket> DeactivateTokenUserAsync()
    {
        var visitor = await fixture.Site.CreateAsync();
        var socket = await WelcomedAsync(
            await TestSocket.OpenAsync(fixture.Service, await visitor.TokenAsync(), isExtended: true));
        await fixture.Site.ActAsync("set_active", new { username = visitor.Name, is_active = false });
        return socket;
    }

    private async Task<DjangoVisitor> LoginAsync(string engine) =>
        await (await fixture.SiteOf(engine).CreateAsync()).LoginAsync();

    private static async Task<TestSocket> WelcomedAsync(TestSocket socket)
    {
        await socket.NextAsync("welcome");
        return socket;
    }
}

[Collection(SharedDjangoOnSqlite.Name)]
public sealed class SqliteDjangoEndTests(DjangoOnSqlite fixture) : DjangoEndTests(fixture);

[Collection(SharedDjangoOnPostgreSql.Name)]
public sealed class PostgreSqlDjangoEndTests(DjangoOnPostgreSql fixture) : DjangoEndTests(fixture);
