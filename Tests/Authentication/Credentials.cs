using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication;

/// <summary>Issues and ends what users are known by, over HTTP.</summary>
internal static class Credentials
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>One more token of the user.</summary>
    public static async Task<(string Token, string Id)> IssueTokenAsync(
        ServiceProcess service, string user, int expiresIn = 60, params string[] scopes)
    {
        using var http = service.Http();
        var answer = await http.PostAsJsonAsync(
            $"api/users/{user}/tokens",
            new { expires_in = expiresIn, scopes = scopes.Length == 0 ? null : scopes }, Ct);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(Ct);
        return (body!.Get<string>("token"), body!.Get<string>("token_id"));
    }

    public static async Task RevokeAsync(ServiceProcess service, string user, string tokenId)
    {
        using var http = service.Http();
        (await http.DeleteAsync($"api/users/{user}/tokens/{tokenId}", Ct)).EnsureSuccessStatusCode();
    }

    public static async Task DeleteUserAsync(ServiceProcess service, string user)
    {
        using var http = service.Http();
        (await http.DeleteAsync($"api/users/{user}", Ct)).EnsureSuccessStatusCode();
    }

    public static async Task<JsonObject> IssueTicketAsync(ServiceProcess service, string token)
    {
        using var http = service.Http(token);
        var answer = await http.PostAsync("api/tickets", content: null, Ct);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(Ct))!;
    }

    public static JsonObject Authenticate(string token) => new() { ["type"] = "authenticate", ["token"] = token };

    /// <summary>The socket has ended because its credential has.</summary>
    public static async Task ExpectExpiredAsync(TestSocket socket)
    {
        Golden.Equal(
            """{"type":"error","code":"connection_error","message":"Authentication expired"}""",
            await socket.NextAsync("error"));
        Assert.Equal((4401, "connection_error"), await socket.UntilClosedAsync());
    }

    /// <summary>The socket was not let in.</summary>
    public static async Task ExpectFailedAsync(TestSocket socket)
    {
        Golden.Equal(
            """{"type":"error","code":"connection_error","message":"Authentication failed"}""",
            await socket.NextAsync());
        Assert.Equal((4401, "connection_error"), await socket.UntilClosedAsync());
    }
}
