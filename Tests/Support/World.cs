using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace NewLoom.Tests.Support;

/// <summary>Makes users and chats over HTTP, with names that no other test has.</summary>
/// <param name="connect">Makes a client that speaks for the bearer of a token.</param>
public sealed class World(Func<string, HttpClient> connect)
{
    public World(ServiceProcess service)
        : this(service.Http)
    {
    }

    /// <summary>Creates a user with a token.</summary>
    /// <param name="name">Its name; null makes one up.</param>
    public async Task<(string Name, string Token)> UserAsync(string? name = null)
    {
        var ct = TestContext.Current.CancellationToken;
        name ??= $"u{Guid.NewGuid():N}";
        using var http = connect(ServiceProcess.AdminToken);
        (await http.PostAsJsonAsync("api/users", new { username = name }, ct)).EnsureSuccessStatusCode();
        var answer = await http.PostAsJsonAsync($"api/users/{name}/tokens", new { }, ct);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(ct);
        return (name, body!["token"]!.GetValue<string>());
    }

    /// <summary>Creates a chat that the first one owns.</summary>
    public async Task<long> ChatAsync((string Name, string Token) owner, params (string Name, string Token)[] others)
    {
        var ct = TestContext.Current.CancellationToken;
        using var http = connect(owner.Token);
        var answer = await http.PostAsJsonAsync(
            "api/chats", new { name = "A chat", members = others.Select(other => other.Name) }, ct);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(ct);
        return body!["chat_id"]!.GetValue<long>();
    }

    /// <summary>Sends a message over HTTP.</summary>
    public async Task PostAsync((string Name, string Token) user, long chatId, string content)
    {
        using var http = connect(user.Token);
        (await http.PostAsJsonAsync(
            $"api/chats/{chatId}/messages", new { content }, TestContext.Current.CancellationToken))
            .EnsureSuccessStatusCode();
    }

    /// <summary>Makes somebody a member.</summary>
    public async Task AddAsync((string Name, string Token) owner, long chatId, (string Name, string Token) user)
    {
        using var http = connect(owner.Token);
        (await http.PutAsync($"api/chats/{chatId}/members/{user.Name}", null, TestContext.Current.CancellationToken))
            .EnsureSuccessStatusCode();
    }

    /// <summary>Ends a membership.</summary>
    public async Task RemoveAsync((string Name, string Token) actor, long chatId, (string Name, string Token) user)
    {
        using var http = connect(actor.Token);
        (await http.DeleteAsync($"api/chats/{chatId}/members/{user.Name}", TestContext.Current.CancellationToken))
            .EnsureSuccessStatusCode();
    }

    /// <summary>Deletes a chat.</summary>
    public async Task DeleteAsync((string Name, string Token) owner, long chatId)
    {
        using var http = connect(owner.Token);
        (await http.DeleteAsync($"api/chats/{chatId}", TestContext.Current.CancellationToken))
            .EnsureSuccessStatusCode();
    }

    /// <summary>Creates a stream that the first one owns and publishes.</summary>
    public async Task<long> StreamAsync((string Name, string Token) owner, params (string Name, string Token)[] viewers)
    {
        var ct = TestContext.Current.CancellationToken;
        using var http = connect(owner.Token);
        var answer = await http.PostAsJsonAsync(
            "api/streams", new { name = "A job", viewers = viewers.Select(viewer => viewer.Name) }, ct);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(ct);
        return body!["stream_id"]!.GetValue<long>();
    }
}
