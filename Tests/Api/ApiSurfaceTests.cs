using System.Text;

namespace NewLoom.Tests.Api;

/// <summary>What holds for the API as a whole.</summary>
public sealed class ApiSurfaceTests(ApiHost host) : ApiTests(host)
{
    private static readonly string[] Calls =
    [
        "post /api/users", "get /api/users/{username}", "delete /api/users/{username}",
        "get /api/users/{username}/tokens", "post /api/users/{username}/tokens",
        "delete /api/users/{username}/tokens/{token_id}", "post /api/tickets", "get /api/audit",
        "post /api/session", "delete /api/session",
        "post /api/chats", "get /api/chats", "get /api/chats/{id}", "patch /api/chats/{id}", "delete /api/chats/{id}",
        "get /api/chats/{id}/members", "put /api/chats/{id}/members/{username}",
        "delete /api/chats/{id}/members/{username}", "get /api/chats/{id}/messages", "post /api/chats/{id}/messages",
        "post /api/streams", "get /api/streams", "get /api/streams/{id}", "delete /api/streams/{id}",
        "get /api/streams/{id}/viewers", "put /api/streams/{id}/viewers/{username}",
        "delete /api/streams/{id}/viewers/{username}", "get /api/streams/{id}/publishers",
        "put /api/streams/{id}/publishers/{username}", "delete /api/streams/{id}/publishers/{username}",
        "post /api/streams/{id}/status", "post /api/streams/{id}/stats", "post /api/streams/{id}/errors",
        "get /api/streams/{id}/executions", "get /api/streams/{id}/executions/{number}/errors",
    ];

    [Fact]
    public async Task Description_HasEveryCall_InOpenApi31()
    {
        var document = Json(await GetAsync("/openapi/v1.json", null));
        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString());
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(call => (Path: path.Name, Call: call)))
            .ToList();
        Assert.Equal(Calls.Order(), operations.Select(o => $"{o.Call.Name} {o.Path}").Order());
        Assert.All(operations, operation =>
        {
            Assert.NotEmpty(operation.Call.Value.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.Call.Value.GetProperty("operationId").GetString()!);
            var responses = operation.Call.Value.GetProperty("responses");
            Assert.Contains(responses.EnumerateObject(), response => response.Name.StartsWith('2'));
            var refusal = responses.GetProperty("403").GetProperty("content");
            Assert.True(refusal.TryGetProperty("application/problem+json", out _));
        });
    }

    [Fact]
    public async Task Description_ShowsFieldsAsTheyAreOnTheWire()
    {
        var schemas = Json(await GetAsync("/openapi/v1.json", null)).GetProperty("components").GetProperty("schemas");
        var chat = schemas.GetProperty("ChatBody").GetProperty("properties");
        Assert.Equal(
            ["chat_id", "name", "owner", "seq", "read_seq", "member_count", "members"],
            chat.EnumerateObject().Select(property => property.Name));
        Assert.Equal("integer", chat.GetProperty("chat_id").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Path_IsNotFound_WhenThereIsNone()
    {
        var answer = await GetAsync("/api/nothing", null);
        Assert.Equal(
            (404, """{"title":"Not found","status":404,"code":"not_found","detail":"there is no such path"}"""),
            (answer.Status, answer.Body));
    }

    [Fact]
    public async Task Method_IsRefused_WhenThePathHasNone() =>
        AssertProblem(405, "invalid_format", await Host.SendAsync(HttpMethod.Put, "/api/chats", null));

    [Fact]
    public async Task Body_IsRefused_WhenItIsNoJson()
    {
        using var content = new StringContent("username=alice", Encoding.UTF8, "text/plain");
        using var response = await Host.Client.PostAsync("/api/users?token=" + ApiHost.AdminToken, content, Ct);
        Assert.Equal(415, (int)response.StatusCode);
        Assert.Contains("invalid_format", await response.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task QueryToken_DecidesBeforeTheHeader()
    {
        var (_, token) = await Host.CreateUserAsync();
        Assert.Equal(200, (await GetAsync($"/api/chats?token={token}", null)).Status);
        Assert.Equal(200, (await GetAsync($"/api/chats?token={token}", "wrong")).Status);
        AssertProblem(401, "connection_error", await GetAsync("/api/chats?token=wrong", token));
        AssertProblem(401, "connection_error", await GetAsync("/api/chats?token=", token));
    }

    [Fact]
    public async Task Tokens_AreNeverLogged_EvenAtTheMostTalkativeLevel()
    {
        var (name, token) = await Host.CreateUserAsync();
        await GetAsync($"/api/chats?token={token}", null);
        var issued = await PostAsync($"/api/users/{name}/tokens", token, "{}");
        var unknown = new string('x', 42) + "Q";
        await GetAsync($"/api/chats?token={unknown}", unknown);

        var fresh = Json(issued).GetProperty("token").GetString()!;
        Assert.NotEmpty(Host.Log);
        string[] secrets = [token, fresh, unknown, ApiHost.AdminToken];
        Assert.DoesNotContain(Host.Log, line => secrets.Any(line.Contains));
    }
}
