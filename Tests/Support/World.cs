using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace NewLoom.Tests.Support;

/// <summary>Makes users and chats over HTTP, with names that no other test has.</summary>
public sealed class World(ServiceProcess service)
{
    /// <summary>Creates a user with a token.</summary>
    public async Task<(string Name, string Token)> UserAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        var name = $"u{Guid.NewGuid():N}";
        using var http = service.Http();
        (await http.PostAsJsonAsync("api/users", new { username = name }, ct)).EnsureSuccessStatusCode();
        var answer = await http.PostAsJsonAsync($"api/users/{name}/tokens", new { }, ct);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(ct);
        return (name, body!["token"]!.GetValue<string>());
    }

    /// <summary>Creates a chat that the first one owns.</summary>
    public async Task<long> ChatAsync((string Name, string Token) owner, params (string Name, string Token)[] others)
    {
        var ct = TestContext.Current.CancellationToken;
        using var http = service.Http(owner.Token);
        var answer = await http.PostAsJsonAsync(
            "api/chats", new { name = "A chat", members = others.Select(other => other.Name) }, ct);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(ct);
        return body!["chat_id"]!.GetValue<long>();
    }
}
