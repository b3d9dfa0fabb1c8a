using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>Cookies, tokens and keys of Django stay out of the logs, however much an operator asks to be logged.</summary>
public abstract class DjangoSecretsTests(DjangoFixture fixture)
{
    [Fact]
    public async Task Log_HoldsNoSecret_WhenEverythingIsTraced()
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>(fixture.Settings)
        {
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace",
            ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
        });
        await service.StartAsync(TestContext.Current.CancellationToken);
        var visitor = await (await fixture.Site.CreateAsync()).LoginAsync();
        var other = await (await fixture.CookieSite.CreateAsync()).LoginAsync();
        var token = await visitor.TokenAsync();

        await ShowAsync(await DjangoFixture.OpenAsync(service, visitor.Session), "welcome");
        await ShowAsync(await DjangoFixture.OpenAsync(service, other.Session), "welcome");
        await ShowAsync(await DjangoFixture.OpenAsync(service, $"{other.Session}x"), "error");
        await ShowAsync(await TestSocket.OpenAsync(service, token, isExtended: true), "welcome");
        await ShowAsync(await TestSocket.OpenAsync(service, new string('5', 40), isExtended: true), "error");
        Assert.Equal(0, await service.StopAsync(TestContext.Current.CancellationToken));

        var output = service.Output;
        Assert.Contains("dbug: Microsoft.AspNetCore", output, StringComparison.Ordinal);
        Assert.All(
            [visitor.Session, other.Session, token, new string('5', 40), DjangoSite.SecretKey, DjangoFixture.NewKey],
            secret => Assert.DoesNotContain(secret, output, StringComparison.Ordinal));
    }

    private static async Task ShowAsync(TestSocket socket, string first)
    {
        await using (socket)
        {
            await socket.NextAsync(first);
        }
    }
}

[Collection(SharedDjangoOnSqlite.Name)]
public sealed class SqliteDjangoSecretsTests(DjangoOnSqlite fixture) : DjangoSecretsTests(fixture);

[Collection(SharedDjangoOnPostgreSql.Name)]
public sealed class PostgreSqlDjangoSecretsTests(DjangoOnPostgreSql fixture) : DjangoSecretsTests(fixture);
