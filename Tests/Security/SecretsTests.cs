using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using NewLoom.Tests.Authentication;
using NewLoom.Tests.Authentication.Jwt;
using NewLoom.Tests.Authentication.Sessions;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Security;

/// <summary>Whatever a secret is used for, well or badly, it is in no line of the log, no trace and no
/// metric.</summary>
public sealed class SecretsTests
{
    private const string Wrong = "wrong-but-still-somebodys-secret-of-43-chars";

    private static readonly string[] Categories =
    [
        "Default", "Microsoft", "Microsoft.AspNetCore.DataProtection", "Microsoft.Hosting.Lifetime", "NewLoom", "Orleans",
        "Orleans.Runtime.Silo", "Orleans.Runtime.Watchdog",
    ];

    private readonly HashSet<string> _secrets = [ServiceProcess.AdminToken, Wrong];

    /// <summary>Rules for the console alone come before the general ones.</summary>
    [Theory]
    [InlineData("Logging__LogLevel__")]
    [InlineData("Logging__Console__LogLevel__")]
    public async Task Secrets_AreNowhere_WhenEverythingIsLoggedTracedAndMeasured(string prefix)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(new Dictionary<string, string?>(
            Categories.Select(category => KeyValuePair.Create($"{prefix}{category}", (string?)"Trace")))
        {
            ["NewLoom__Authentication__Jwt__Keys__0__Secret"] = JwtForge.Secret,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9",    // nobody; so that all is traced that can be
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            ["Logging__Console__FormatterOptions__IncludeScopes"] = "true",
        });
        await service.StartAsync(ct);
        var alice = await new World(service).UserAsync();
        _secrets.Add(alice.Token);

        await UseTokensAsync(service, [ServiceProcess.AdminToken, alice.Token, Wrong, .. WebTokens(alice.Name)]);
        await UseMalformedRequestsAsync(service, [ServiceProcess.AdminToken, alice.Token, Wrong]);
        await UseTicketsAsync(service, alice.Token);
        await UseFramesAsync(service, alice);
        await UseSessionsAsync(service, alice.Token);
        await Credentials.DeleteUserAsync(service, alice.Name);

        Assert.Equal(0, await service.StopAsync(ct));
        var output = service.Output;
        string[] marks =
        [
            "trce: Orleans", "dbug: Microsoft.AspNetCore", "warn: NewLoom",
            $"{StartupHook.ActivityMark} Microsoft.AspNetCore",
            "url.query=?token=Redacted",
            $"{StartupHook.MetricMark} System.Runtime dotnet.process.memory.working_set",
            .. from kind in new[] { "query_token", "bearer", "ticket", "session", "frame" }
               from outcome in new[] { "success", "failure" }
               select "newloom.authentications 1 " +
                   $"newloom.credential.kind={kind} newloom.authentication.outcome={outcome}",
        ];
        Assert.All(marks, mark => Assert.Contains(mark, output, StringComparison.Ordinal));

        Assert.True(_secrets.Count >= 13);
        Assert.All(_secrets, secret => Assert.DoesNotContain(secret, output, StringComparison.Ordinal));
    }

    /// <summary>JSON Web Tokens: a good one, an expired one, one of nobody and one with another's signature.</summary>
    private string[] WebTokens(string user)
    {
        var now = TimeProvider.System.GetUtcNow();
        var good = JwtForge.Claims(user, now.AddHours(1));
        string[] tokens =
        [
            JwtForge.Hs256(good), JwtForge.Hs256(JwtForge.Claims(user, now.AddHours(-1))),
            JwtForge.Hs256(JwtForge.Claims("nobody-here", now.AddHours(1))), JwtForge.Hs256(good, Wrong),
        ];
        _secrets.UnionWith([JwtForge.Secret, .. tokens]);
        return tokens;
    }

    private static async Task UseTokensAsync(ServiceProcess service, IEnumerable<string> tokens)
    {
        foreach (var each in tokens)
        {
            using var http = service.Http(each);
            await GetAsync(http, "api/chats");
            await GetAsync(http, $"api/chats?token={each}");
            await GetAsync(http, $"nothing-here?token={each}&ticket={each}");
            await using var socket = await TestSocket.OpenAsync(service, each);
            await SpeakAsync(socket);
        }
    }

    private static async Task UseMalformedRequestsAsync(ServiceProcess service, IEnumerable<string> tokens)
    {
        var ct = TestContext.Current.CancellationToken;
        foreach (var request in tokens.SelectMany(token => new[]
        {
            $"GET /ws/chat/%00?token={token} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /ws/chat/?token={token} HTTP/9.9\r\nHost: x\r\n\r\n",
        }))
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", service.Port, ct);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), ct);
            using var answer = new StreamReader(client.GetStream());
            Assert.StartsWith("HTTP/1.1 ", await answer.ReadLineAsync(ct), StringComparison.Ordinal);
        }
    }

    private async Task UseTicketsAsync(ServiceProcess service, string token)
    {
        var ticket = (await Credentials.IssueTicketAsync(service, token)).Get<string>("ticket");
        _secrets.Add(ticket);
        foreach (var each in new[] { ticket, ticket, Wrong })    // good, spent, unknown
        {
            await using var socket = await TestSocket.OpenAsync(service, token: null, query: $"ticket={each}");
            await SpeakAsync(socket);
        }
    }

    private async Task UseFramesAsync(ServiceProcess service, (string Name, string Token) alice)
    {
        foreach (var first in new[] { alice.Token, Wrong })
        {
            var (fresh, freshId) = await Credentials.IssueTokenAsync(service, alice.Name);
            _secrets.Add(fresh);
            foreach (var renewal in new[] { fresh, Wrong })
            {
                await using var socket = await TestSocket.OpenAsync(service, token: null, isExtended: true);
                await socket.SendAsync(Credentials.Authenticate(first));
                await socket.SendAsync(Credentials.Authenticate(renewal));
                await SpeakAsync(socket);
            }

            await Credentials.RevokeAsync(service, alice.Name, freshId);
        }
    }

    private async Task UseSessionsAsync(ServiceProcess service, string token)
    {
        using var visitor = await Visitor.BeginAsync(service, token);
        var value = visitor.Cookie.Split('=', 2)[1];
        _secrets.Add(value);
        var altered = value[..^8] + "AAAAAAAA";
        _secrets.Add(altered);
        using var forger = visitor.With($"newloom_session={altered}");
        Assert.Equal((200, 401), (await visitor.ProbeAsync(), await forger.ProbeAsync()));
        await using (var socket = await visitor.OpenSocketAsync())
        {
            await SpeakAsync(socket);
        }

        await using (var socket = await forger.OpenSocketAsync())
        {
            await SpeakAsync(socket);
        }

        await visitor.EndAsync();
    }

    private static async Task GetAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
    }

    /// <summary>A good frame and a bad one; whether the socket is let in or not, it ends.</summary>
    private static async Task SpeakAsync(TestSocket socket)
    {
        foreach (var frame in new[] { """{"type":"heartbeat"}""", "{", """{"type":"disconnect"}""" })
        {
            try
            {
                await socket.SendAsync(frame);
            }
            catch (WebSocketException)
            {
                break;    // the service has cut it off
            }
        }

        Assert.Contains((await socket.UntilClosedAsync()).Code!.Value, new[] { 1000, 4401 });
    }
}
