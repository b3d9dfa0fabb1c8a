using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using NewLoom.Gateway.Authentication;
using NewLoom.Tests.Security;

namespace NewLoom.Tests.Authentication;

public sealed class OriginRulesTests
{
    private const string Listed = "https://App.Example";

    [Theory]
    [InlineData("http", "chat.example", "http://chat.example", true)]
    [InlineData("http", "chat.example:80", "http://chat.example", true)]
    [InlineData("https", "chat.example", "https://chat.example:443", true)]
    [InlineData("http", "Chat.Example:8000", "http://chat.example:8000", true)]
    [InlineData("http", "chat.example:8000", "HTTP://CHAT.EXAMPLE:8000", true)]
    [InlineData("http", "[::1]:8000", "http://[::1]:8000", true)]
    [InlineData("http", "chat.example:8000", "http://chat.example", false)]
    [InlineData("http", "chat.example:8000", "http://chat.example:8001", false)]
    [InlineData("http", "chat.example", "https://chat.example", false)]
    [InlineData("https", "chat.example", "http://chat.example", false)]
    [InlineData("http", "chat.example", "http://evil.example", false)]
    [InlineData("http", "chat.example", "http://chat.example.evil.example", false)]
    [InlineData("http", "chat.example", "http://sub.chat.example", false)]
    [InlineData("http", "chat.example", "http://chat.example@evil.example", false)]
    [InlineData("http", "chat.example", "http://evil.example/http://chat.example", false)]
    [InlineData("http", "chat.example", "http://chat.example/", false)]
    [InlineData("http", "chat.example", "null", false)]
    [InlineData("http", "chat.example", "", false)]
    [InlineData("http", "chat.example", "*", false)]
    [InlineData("http", "chat.example", "file://", false)]
    [InlineData("http", "chat.example", "chat.example", false)]
    [InlineData("http", "", "http://chat.example", false)]
    [InlineData("http", "chat.example", null, false)]
    public void Cookie_OpensASocket_FromTheSameHostAlone(string scheme, string host, string? origin, bool isAdmitted)
    {
        var context = Request("GET", origin, scheme, host);
        Assert.Equal(isAdmitted, Rules(isCookie: true).AdmitsSocket(context));
    }

    [Fact]
    public void Cookie_OpensNoSocket_WhenThereAreTwoOrigins()
    {
        var context = Request("GET", null);
        context.Request.Headers.Origin = new StringValues(["http://chat.example", "http://evil.example"]);
        Assert.False(Rules(isCookie: true).AdmitsSocket(context));
    }

    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("https://app.example:443", true)]
    [InlineData("http://chat.example", true)]
    [InlineData("https://app.example:8443", false)]
    [InlineData("http://app.example", false)]
    [InlineData("https://other.example", false)]
    public void Listed_MayOpenSockets_WhateverTheCredential(string origin, bool isAdmitted)
    {
        foreach (bool? isCookie in new bool?[] { true, false, null })
        {
            Assert.Equal(isAdmitted, Rules(isCookie, Listed).AdmitsSocket(Request("GET", origin)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public void Origin_IsNotLookedAt_WithoutACookieAndWithoutAList(bool? isCookie)
    {
        Assert.True(Rules(isCookie).AdmitsSocket(Request("GET", "https://evil.example")));
        Assert.True(Rules(isCookie).AdmitsSocket(Request("GET", null)));
    }

    [Fact]
    public void Origin_MayBeMissing_WithAListButWithoutACookie()
    {
        Assert.True(Rules(isCookie: false, Listed).AdmitsSocket(Request("GET", null)));
        Assert.False(Rules(isCookie: true, Listed).AdmitsSocket(Request("GET", null)));
    }

    [Theory]
    [InlineData("GET", "https://evil.example", true)]
    [InlineData("HEAD", null, true)]
    [InlineData("OPTIONS", "https://evil.example", true)]
    [InlineData("POST", "http://chat.example", true)]
    [InlineData("POST", "https://app.example", true)]
    [InlineData("POST", "https://evil.example", false)]
    [InlineData("POST", null, false)]
    [InlineData("PUT", "null", false)]
    [InlineData("PATCH", "https://evil.example", false)]
    [InlineData("DELETE", "https://evil.example", false)]
    [InlineData("TRACE", "https://evil.example", false)]
    public void Call_ThatChangesSomething_NeedsAnAllowedOrigin_WhenItRestsOnACookie(
        string method, string? origin, bool isAdmitted)
    {
        Assert.Equal(isAdmitted, Rules(isCookie: true, Listed).AdmitsCall(Request(method, origin)));
        Assert.True(Rules(isCookie: false, Listed).AdmitsCall(Request(method, origin)));
        Assert.True(Rules(isCookie: null, Listed).AdmitsCall(Request(method, origin)));
    }

    [Fact]
    public void Cookie_DecidesOnlyWhereNothingElseDoes()
    {
        var context = Request("POST", "https://evil.example");
        Assert.True(Rules(new FakeSource(isCookie: false), new FakeSource(isCookie: true)).AdmitsCall(context));
        Assert.True(Rules(new FakeSource(isCookie: true), new FakeSource(isCookie: false)).AdmitsCall(context));
        Assert.False(Rules(new FakeSource(isCookie: true)).AdmitsCall(context));
    }

    [Fact]
    public void Refusal_IsSaid_WithTheAddress()
    {
        using var written = new WrittenEvents();
        var rules = new OriginRules(
            Options.Create(new OriginOptions()), new Authenticator([], written.Metrics), written.Events);
        var context = Request("GET", "https://evil.example");
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1");

        Assert.Equal(403, rules.Refuse(context).StatusCode);

        var line = Assert.Single(written.Take());
        Assert.Equal(("foreign_origin", null, "192.0.2.1"), (line.Reason, line.User, line.Address));
    }

    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("https://app.example/", false)]
    [InlineData("https://app.example/path", false)]
    [InlineData("https://app.example?", false)]
    [InlineData("https://user@app.example", false)]
    [InlineData("app.example", false)]
    [InlineData("*", false)]
    [InlineData("https://*.app.example", false)]
    [InlineData("https://", false)]
    [InlineData("wss://app.example", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void Option_IsRefused_WhenItIsNoOrigin(string origin, bool isValid)
    {
        var options = new OriginOptions { AllowedOrigins = { "https://first.example", origin } };
        var result = new OriginOptionsValidator(new ConfigurationBuilder().Build()).Validate(null, options);
        Assert.Equal(isValid, result.Succeeded);
        Assert.Equal(!isValid, result.FailureMessage?.Contains($"'{origin}'", StringComparison.Ordinal) ?? false);
    }

    private static OriginRules Rules(bool? isCookie, params string[] listed) =>
        Rules(listed, isCookie is { } it ? [new FakeSource(it)] : []);

    private static OriginRules Rules(params ICredentialSource[] sources) => Rules([], sources);

    private static OriginRules Rules(string[] listed, ICredentialSource[] sources)
    {
        var options = new OriginOptions();
        foreach (var origin in listed)
        {
            options.AllowedOrigins.Add(origin);
        }

        var written = new WrittenEvents();
        return new OriginRules(
            Options.Create(options), new Authenticator(sources, written.Metrics), written.Events);
    }

    private static DefaultHttpContext Request(
        string method, string? origin, string scheme = "http", string host = "chat.example")
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Scheme = scheme;
        context.Request.Host = new HostString(host);
        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        return context;
    }

    private sealed class FakeSource(bool isCookie) : ICredentialSource
    {
        public string Kind => "fake";

        public bool IsCookie => isCookie;

        public string? Find(HttpRequest request) => "a credential";

        public Task<Identity?> ResolveAsync(
            HttpContext context, string credential, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
