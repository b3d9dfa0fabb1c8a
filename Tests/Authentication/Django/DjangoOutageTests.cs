using System.Net;
using System.Net.Sockets;
using NewLoom.Bench.Processes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>NewLoom beside a Django database that does not answer.</summary>
public sealed class DjangoOutageTests
{
    private const string SessionKey = "0123456789abcdefghijklmnopqrstuv";
    private const string Token = "0123456789abcdef0123456789abcdef01234567";

    [Theory]
    [InlineData("Data Source=/nowhere/db.sqlite3")]
    [InlineData("Host=127.0.0.1;Port={0};Database=site;Username=nobody;Password=the-database-password")]
    [InlineData("Host=nowhere.invalid;Database=site;Username=nobody;Password=the-database-password")]
    public async Task Credentials_AreUnavailable_WhenTheDatabaseIsAway(string connectionString)
    {
        var ct = TestContext.Current.CancellationToken;
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        silent.Stop();
        await using var service = new ServiceProcess(Bridge(
            connectionString.Replace("{0}", $"{port}", StringComparison.Ordinal)));
        await service.StartAsync(ct);

        await AssertUnavailableAsync(service, "Cookie", $"sessionid={SessionKey}");
        await AssertUnavailableAsync(service, "Authorization", $"Token {Token}");
        await AssertUnavailableAsync(service, "Authorization", $"Bearer {Token}");
        await AssertOthersAreServedAsync(service);
        Assert.Equal(0, await service.StopAsync(ct));
        Assert.Contains("Django's database cannot be used now", service.Output, StringComparison.Ordinal);
        Assert.All(
            [SessionKey, Token, "the-database-password", DjangoSite.SecretKey],
            secret => Assert.DoesNotContain(secret, service.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Token_IsUnavailable_WhenTheDatabaseTakesConnectionsAndNeverAnswers()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var service = new ServiceProcess(Bridge(
            $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Database=site;Timeout=300"));
        await service.StartAsync(TestContext.Current.CancellationToken);

        await AssertUnavailableAsync(service, "Authorization", $"Token {Token}");
    }

    [Fact]
    public async Task Token_IsRefused_WhenDjangoHasNoRestFramework()
    {
        var ct = TestContext.Current.CancellationToken;
        Requirement.Demand(PostgresServer.IsInstalled, "PostgreSQL");
        await using var postgres = new PostgresServer();
        await postgres.StartAsync(ct);
        await using var service = new ServiceProcess(Bridge(postgres.ConnectionString("postgres")));
        await service.StartAsync(ct);
        await AssertStatusAsync(service, HttpStatusCode.Unauthorized, "Authorization", $"Bearer {Token}");

        using var empty = new TestDatabase(isFile: true);
        empty.Execute("CREATE TABLE unrelated (id INTEGER)");
        await using var file = new ServiceProcess(Bridge(empty.ConnectionString));
        await file.StartAsync(ct);
        await AssertStatusAsync(file, HttpStatusCode.Unauthorized, "Authorization", $"Bearer {Token}");
    }

    private static Dictionary<string, string?> Bridge(string connectionString) => new()
    {
        ["NewLoom__Authentication__Django__ConnectionString"] = connectionString,
        ["NewLoom__Authentication__Django__SecretKey"] = DjangoSite.SecretKey,
    };

    private static async Task AssertUnavailableAsync(ServiceProcess service, string header, string value)
    {
        var headers = new Dictionary<string, string>
        {
            [header] = value,
            ["Origin"] = service.HttpUri.GetLeftPart(UriPartial.Authority),
        };
        await using var socket = await TestSocket.OpenAsync(service, token: null, headers: headers);
        Golden.Equal(
            """{"type":"error","code":"unavailable","message":"Try again later","retry_after_ms":"#wait"}""",
            await socket.NextAsync());
        await socket.UntilClosedAsync();
        await AssertStatusAsync(service, HttpStatusCode.ServiceUnavailable, header, value);
    }

    private static async Task AssertStatusAsync(
        ServiceProcess service, HttpStatusCode expected, string header, string value)
    {
        using var http = new HttpClient { BaseAddress = service.HttpUri };
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/chats");
        request.Headers.Add(header, value);
        request.Headers.Add("Origin", service.HttpUri.GetLeftPart(UriPartial.Authority));
        var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task AssertOthersAreServedAsync(ServiceProcess service)
    {
        var (name, token) = await new World(service).UserAsync();
        await using var socket = await TestSocket.OpenAsync(service, token, isExtended: true);
        Assert.Equal(name, (await socket.NextAsync("welcome")).Get<string>("user"));
    }
}
