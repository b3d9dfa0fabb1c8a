using System.Net.Http.Headers;
using NewLoom.Tests.Authentication.Sessions;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>Cookies, tokens and keys of Django are in no line of the log, no trace and no metric, used well or
/// badly.</summary>
public abstract class DjangoSecretsTests(DjangoFixture fixture)
{
    private static readonly string WrongToken = new('5', 40);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secrets_AreNowhere_WhenEverythingIsLoggedTracedAndMeasured()
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>(fixture.Settings)
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__LogLevel__NewLoom"] = "Trace",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace",
            ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
        });
        await service.StartAsync(Ct);
        var visitor = await (await fixture.Site.CreateAsync()).LoginAsync();
        var other = await (await fixture.CookieSite.CreateAsync()).LoginAsync();
        var token = await visitor.TokenAsync();

        await UseSessionAsync(service, visitor.Session, isGood: true);
        await UseSessionAsync(service, other.Session, isGood: true);
        await UseSessionAsync(service, $"{other.Session}x", isGood: false);
        await UseTokenAsync(service, token, isGood: true);
        await UseTokenAsync(service, WrongToken, isGood: false);
        Assert.Equal(0, await service.StopAsync(Ct));

        var output = service.Output;
        foreach (var mark in new[]
        {
            "dbug: Microsoft.AspNetCore", $"{StartupHook.ActivityMark} Microsoft.AspNetCore",
            $"{StartupHook.MetricMark} NewLoom.Gateway newloom.authentications",
        })
        {
            Assert.Contains(mark, output, StringComparison.Ordinal);
        }

        Assert.All(
            [visitor.Session, other.Session, token, WrongToken, DjangoSite.SecretKey, DjangoFixture.NewKey],
            secret => Assert.DoesNotContain(secret, output, StringComparison.Ordinal));
    }

    private static async Task UseSessionAsync(ServiceProcess service, string session, bool isGood)
    {
        await ShowAsync(await DjangoFixture.OpenAsync(service, session), isGood);
        await CallAsync(service, "", isGood, http => http.DefaultRequestHeaders.Add("Cookie", $"sessionid={session}"));
    }

    private static async Task UseTokenAsync(ServiceProcess service, string token, bool isGood)
    {
        await ShowAsync(await TestSocket.OpenAsync(service, token, isExtended: true), isGood);
        await CallAsync(service, $"?token={token}", isGood, _ => { });
        foreach (var scheme in new[] { "Bearer", "Token" })
        {
            var header = new AuthenticationHeaderValue(scheme, token);
            await ShowAsync(
                await TestSocket.OpenAsync(
                    service, token: null, isExtended: true,
                    headers: new Dictionary<string, string> { ["Authorization"] = header.ToString() }),
                isGood);
            await CallAsync(service, "", isGood, http => http.DefaultRequestHeaders.Authorization = header);
        }
    }

    private static async Task ShowAsync(TestSocket socket, bool isGood)
    {
        await using (socket)
        {
            await socket.NextAsync(isGood ? "welcome" : "error");
        }
    }

    private static async Task CallAsync(
        ServiceProcess service, string query, bool isGood, Action<HttpClient> authenticate)
    {
        using var http = Visitor.Client(service);
        authenticate(http);
        using var answer = await http.GetAsync(new Uri($"api/chats{query}", UriKind.Relative), Ct);
        Assert.Equal(isGood, answer.IsSuccessStatusCode);
    }
}

[Collection(SharedDjangoOnSqlite.Name)]
public sealed class SqliteDjangoSecretsTests(DjangoOnSqlite fixture) : DjangoSecretsTests(fixture);

[Collection(SharedDjangoOnPostgreSql.Name)]
public sealed class PostgreSqlDjangoSecretsTests(DjangoOnPostgreSql fixture) : DjangoSecretsTests(fixture);
