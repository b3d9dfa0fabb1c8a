using System.Net;
using System.Net.Sockets;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Silo;

/// <summary>A start that cannot work ends with exit code 1 and one sentence that names what to mend.</summary>
public sealed class StartUpErrorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("NewLoom__Storage", "Foo", "NewLoom:Storage")]
    [InlineData("NewLoom__Clustering", "Foo", "NewLoom:Clustering")]
    [InlineData("NewLoom__SiloPort", "abc", "NewLoom:SiloPort")]
    [InlineData("NewLoom__SiloPort", "0", "NewLoom:SiloPort")]
    [InlineData("NewLoom__OrleansGatewayPort", "70000", "NewLoom:OrleansGatewayPort")]
    [InlineData("NewLoom__Limits__FramesPerSecond", "0", "NewLoom:Limits:FramesPerSecond must")]
    [InlineData("NewLoom__Limits__FramesPerSecond", "abc", "NewLoom:Limits:FramesPerSecond")]
    [InlineData("NewLoom__Limits__MessagesPerSecond", "0", "NewLoom:Limits:MessagesPerSecond must")]
    [InlineData("NewLoom__Limits__FailedAuthenticationsPerMinute", "0", "NewLoom:Limits:FailedAuthenticationsPerMinute must")]
    [InlineData("NewLoom__Limits__UnauthenticatedSockets", "0", "NewLoom:Limits:UnauthenticatedSockets must")]
    [InlineData("NewLoom__Limits__AuthenticationTimeout", "00:00:00.5", "NewLoom:Limits:AuthenticationTimeout must")]
    [InlineData("NewLoom__Drain__Window", "01:00:00", "NewLoom:Drain:Window must")]
    [InlineData("NewLoom__AllowedOrigins__0", "https://a.example/", "NewLoom:AllowedOrigins must")]
    [InlineData("NewLoom__AllowedOrigins", "https://a.example", "NewLoom:AllowedOrigins must be a list")]
    [InlineData("NewLoom__AdminToken", " ", ": NewLoom:AdminToken must")]
    [InlineData("NewLoom__AdminToken", "", ": NewLoom:AdminToken must")]
    [InlineData("NewLoom__Authentication__Jwt__Keys__0__Secret", "short", "NewLoom:Authentication:Jwt:Keys:0:Secret must")]
    [InlineData("NewLoom__Authentication__Jwt__JwksFile", "/no/such/file", "NewLoom:Authentication:Jwt:JwksFile /no/such/file")]
    [InlineData("NewLoom__Authentication__Jwt__Authority", "https://issuer.example", "NewLoom:Authentication:Jwt:Audience must")]
    [InlineData("NewLoom__Authentication__Jwt__Audeince", "newloom", "Audeince")]
    [InlineData("NewLoom__Authentication__Django__SessionCookieAgee", "5", "SessionCookieAgee")]
    [InlineData("NewLoom__Authentication__Jwt__Keys", "secret", "start: The value at 'NewLoom:Authentication:Jwt:Keys' ")]
    [InlineData("NewLoom__ManagementPort", "abc", "NewLoom:ManagementPort must be a port from")]
    [InlineData("NewLoom__ManagementPort", "9", "NewLoom:ManagementPort must be a port of urls")]
    [InlineData("NewLoom__Dashboard", "yes", "NewLoom:Dashboard must be true or false")]
    [InlineData("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true", "NewLoom:TrustedProxies must name the proxies")]
    [InlineData("NewLoom__TrustedProxies__0", "proxy", "NewLoom:TrustedProxies:0 must")]
    [InlineData("NewLoom__TrustedProxies", "10.0.0.1", "NewLoom:TrustedProxies must be a list")]
    [InlineData("Kestrel__Endpoints__Https__Url", "https://127.0.0.1:abc", "Kestrel:Endpoints:Https:Url must")]
    [InlineData("Kestrel__Endpoints__Https__Url", "https://127.0.0.1:0", "Kestrel:Endpoints: Unable to configure HTTPS")]
    [InlineData("Kestrel__Endpoints__Https__Port", "8443", "Kestrel:Endpoints:Https:Url must")]
    [InlineData("Kestrel__Certificates__Default__Path", "/no/such.pem", "Kestrel:Certificates:Default:Path cannot be read")]
    [InlineData("Kestrel__Certificates__Default__Path", "appsettings.json", "Kestrel: a certificate cannot be used")]
    [InlineData("PushStreams__BacklogCount", "0", ": PushStreams:BacklogCount of push streams 'gateways' is 0")]
    [InlineData("PushStreams__BacklogCout", "5", "BacklogCout")]
    [InlineData("ConnectionStrings__NewLoom", "garbage", "ConnectionStrings:NewLoom")]
    [InlineData("ConnectionStrings__NewLoom", "Data Source=", "ConnectionStrings:NewLoom")]
    [InlineData("ConnectionStrings__NewLoom", "Host=db;Database=newloom", "ConnectionStrings:NewLoom")]
    [InlineData("ConnectionStrings__NewLoom", "Data Source=/proc", "/proc (ConnectionStrings:NewLoom)")]
    [InlineData("ConnectionStrings__NewLoom", "Data Source=/proc/none/newloom.db", "/proc/none/newloom.db (ConnectionStrings:NewLoom)")]
    public async Task Start_FailsNamingTheKey_WhenAValueIsWrong(string variable, string value, string named)
    {
        await using var service = new ServiceProcess(
            new Dictionary<string, string?> { [variable] = value }, isOnFile: true);

        await AssertFailsAsync(service, [], named);
    }

    [Theory]
    [InlineData("foo", "'foo'")]
    [InlineData("ftp://127.0.0.1:8000", "'ftp://127.0.0.1:8000'")]
    [InlineData("http://127.0.0.1:abc", "'http://127.0.0.1:abc'")]
    [InlineData("http://127.0.0.1:99999", "'http://127.0.0.1:99999'")]
    [InlineData("http://192.0.2.1:8000", "http://192.0.2.1:8000")]    // RFC 5737: nobody's
    [InlineData("https://127.0.0.1:0", "HTTPS")]
    public async Task Start_FailsNamingTheAddress_WhenItCannotBeListenedOn(string urls, string named)
    {
        await using var service = new ServiceProcess();

        await AssertFailsAsync(service, ["--urls", urls], "urls", named);
    }

    [Fact]
    public async Task Start_FailsNamingTheFile_WhenItIsNoDatabase()
    {
        await using var service = new ServiceProcess(isOnFile: true);
        await File.WriteAllTextAsync(
            service.Database.Path, new string('x', 8_192), TestContext.Current.CancellationToken);

        await AssertFailsAsync(service, [], $"{service.Database.Path} (ConnectionStrings:NewLoom)");
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:{0}", "urls: http://127.0.0.1:{0} cannot be used")]
    [InlineData("NewLoom__SiloPort", "{0}", "NewLoom:SiloPort: port {0} cannot be used")]
    [InlineData("NewLoom__OrleansGatewayPort", "{0}", "NewLoom:OrleansGatewayPort: port {0} cannot be used")]
    public async Task Start_FailsNamingThePort_WhenItIsOccupied(string variable, string value, string named)
    {
        using var occupant = new TcpListener(IPAddress.Loopback, 0);
        occupant.Start();
        var port = ((IPEndPoint)occupant.LocalEndpoint).Port.ToString();
        await using var service = new ServiceProcess(
            new Dictionary<string, string?> { [variable] = value.Replace("{0}", port, StringComparison.Ordinal) });

        await AssertFailsAsync(service, [], named.Replace("{0}", port, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_Fails_WhenBothOrleansPortsAreOne()
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__SiloPort"] = "11999",
            ["NewLoom__OrleansGatewayPort"] = "11999",
        });

        await AssertFailsAsync(service, [], "NewLoom:SiloPort", "NewLoom:OrleansGatewayPort");
    }

    [Fact]
    public async Task Start_FailsNamingTheFile_WhenAnotherProcessUsesIt()
    {
        await using var first = new ServiceProcess(isOnFile: true);
        await first.StartAsync(TestContext.Current.CancellationToken);
        await using var second = new ServiceProcess(new Dictionary<string, string?>
        {
            ["ConnectionStrings__NewLoom"] = $"Data Source={first.Database.Path}",
        }, isOnFile: true);

        await AssertFailsAsync(second, [], $"{first.Database.Path} (ConnectionStrings:NewLoom)");
        Assert.False(first.Process.HasExited);
    }

    private static async Task AssertFailsAsync(ServiceProcess service, string[] arguments, params string[] named)
    {
        var process = service.Launch(arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Limit, TestContext.Current.CancellationToken);

        var output = service.Output;
        Assert.Equal(1, process.ExitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("NewLoom did not start: ", output, StringComparison.Ordinal);
        Assert.All(named, name => Assert.Contains(name, output, StringComparison.Ordinal));
    }
}
