using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Api;

/// <summary>What the API refuses is counted and said.</summary>
public sealed class ApiRefusalTests(ApiHost host) : ApiTests(host)
{
    [Fact]
    public async Task Refusals_AreCountedAndSaid_ByReason()
    {
        using var counted = new CountedMetrics(Host.Services.GetRequiredService<IMeterFactory>());
        var (name, token) = await Host.CreateUserAsync("chat");
        await GetAsync("/api/chats", token);
        await GetAsync("/api/users/somebody", token);    // by the policy
        await GetAsync("/api/chats/77", token);    // by the chat
        await GetAsync("/api/chats", "wrong");
        await GetAsync("/api/chats?token=wrong", token);
        await GetAsync("/api/chats", token: null);
        await PostAsync("/api/users", ApiHost.AdminToken, "{}");    // wrong, but not refused

        Assert.Equal(
            new Dictionary<string, long>
            {
                ["newloom.authentications newloom.credential.kind=bearer newloom.authentication.outcome=success"] = 4,
                ["newloom.authentications newloom.credential.kind=bearer newloom.authentication.outcome=failure"] = 1,
                ["newloom.authentications newloom.credential.kind=query_token newloom.authentication.outcome=failure"] = 1,
                ["newloom.security.refusals newloom.refusal.reason=permission_denied"] = 2,
                ["newloom.security.refusals newloom.refusal.reason=authentication_failed"] = 3,
            },
            counted.Sums.OrderBy(sum => sum.Key).ToDictionary());
        Assert.Contains(Host.Log, line =>
            line.Contains($"user {name}, address 127.0.0.1, 1 times (permission_denied)", StringComparison.Ordinal));
    }
}
