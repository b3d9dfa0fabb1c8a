using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NewLoom.Gateway.Transport;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Transport;

/// <summary>Who a request comes from is what trusted proxies say, and else whoever is connected.</summary>
public sealed class TrustedProxyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "203.0.113.7", "127.0.0.1 http")]
    [InlineData("10.0.0.0/8", "203.0.113.7", "127.0.0.1 http")]
    [InlineData("127.0.0.1", "203.0.113.7", "203.0.113.7 https")]
    [InlineData("10.0.0.0/8,127.0.0.0/8", "203.0.113.7", "203.0.113.7 https")]
    [InlineData("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7 https")]
    [InlineData("127.0.0.1,10.0.0.0/8", "198.51.100.1, 203.0.113.7, 10.1.2.3", "203.0.113.7 https")]
    [InlineData("127.0.0.1", "2001:db8::7", "2001:db8::7 https")]
    [InlineData("127.0.0.1", "nonsense", "127.0.0.1 http")]
    public async Task Client_IsWhomATrustedProxyNames(string trusted, string forwardedFor, string seen)
    {
        await using var app = await StartAsync(trusted.Split(',', StringSplitOptions.RemoveEmptyEntries));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        http.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        http.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");

        Assert.Equal($"{seen} 127.0.0.1", await http.GetStringAsync(new Uri("", UriKind.Relative), Ct));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1/32")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("::1", "::1/128")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("", null)]
    [InlineData("10", null)]
    [InlineData("10.1", null)]
    [InlineData("10.0.0.1/8", "10.0.0.0/8")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("proxy.example", null)]
    [InlineData("10.0.0.1,10.0.0.2", null)]
    public void Proxy_IsAnAddressOrANetwork(string text, string? network)
    {
        Assert.Equal(network, TrustedProxyOptions.Parse(text)?.ToString());
        var result = new TrustedProxyOptionsValidator(new ConfigurationBuilder().Build()).Validate(
            null, new TrustedProxyOptions { TrustedProxies = ["::1", text] });
        Assert.Equal(network is null, result.Failed);
        Assert.StartsWith(network is null ? "TrustedProxies:1 must be" : "", result.FailureMessage ?? "");
    }

    [Fact]
    public async Task Service_SeesTheClient_BehindATrustedProxy()
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["NewLoom__TrustedProxies__0"] = "127.0.0.1",
        });
        await service.StartAsync(Ct);
        using var http = new HttpClient { BaseAddress = service.HttpUri };
        http.DefaultRequestHeaders.Host = "chat.example";
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        using var page = await http.GetAsync(new Uri("", UriKind.Relative), Ct);
        await using var socket = await TestSocket.OpenAsync(
            new Uri($"ws://127.0.0.1:{service.Port}/ws/chat/?token=wrong"),
            options => options.SetRequestHeader("X-Forwarded-For", "203.0.113.7"));
        await socket.UntilClosedAsync();

        Assert.True(page.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal(0, await service.StopAsync(Ct));
        Assert.Contains("address 203.0.113.7", service.Output, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(string[] trusted)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.Configure<TrustedProxyOptions>(options => options.TrustedProxies = trusted);
        var app = builder.Build();
        app.UseTrustedProxies();
        app.Run(context => context.Response.WriteAsync(
            $"{context.Connection.RemoteIpAddress} {context.Request.Scheme} {context.Request.Host.Host}"));
        await app.StartAsync(Ct);
        return app;
    }
}
