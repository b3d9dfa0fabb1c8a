using NewLoom.Grains;

namespace NewLoom.Tests.Api;

public sealed class MessageApiTests(ApiHost host) : ApiTests(host)
{
    private static long _lastId = 10_000;

    private readonly long _id = Interlocked.Increment(ref _lastId);

    [Fact]
    public async Task Message_IsAddedOnce_WhenItsClientIdRepeats()
    {
        var (user, token) = await JoinAsync();
        var sent = await PostAsync($"/api/chats/{_id}/messages", token, """{"content":"hi","client_id":"a"}""");
        Assert.Equal((201, Golden(user, 1, "hi", ",\"client_id\":\"a\"")), (sent.Status, sent.Body));
        var repeat = await PostAsync($"/api/chats/{_id}/messages", token, """{"content":"hi","client_id":"a"}""");
        Assert.Equal((200, sent.Body), (repeat.Status, repeat.Body));
        var other = await PostAsync($"/api/chats/{_id}/messages", token, """{"content":"ho","client_id":"a"}""");
        Assert.Equal(
            (409, """{"title":"Client id was already used with different content","status":409,"code":"conflict"}"""),
            (other.Status, other.Body));
    }

    [Fact]
    public async Task Messages_AreReadBackwards_InAscendingOrder()
    {
        var (user, token) = await JoinAsync();
        foreach (var content in new[] { "one", "two", "three" })
        {
            await PostAsync($"/api/chats/{_id}/messages", token, $$"""{"content":"{{content}}"}""");
        }

        var last = await GetAsync($"/api/chats/{_id}/messages?limit=2", token);
        var newest = $"{Golden(user, 2, "two")},{Golden(user, 3, "three")}";
        Assert.Equal($$"""{"chat_id":{{_id}},"messages":[{{newest}}],"has_more":true}""", last.Body);
        var first = await GetAsync($"/api/chats/{_id}/messages?before_seq=2", token);
        Assert.Equal($$"""{"chat_id":{{_id}},"messages":[{{Golden(user, 1, "one")}}],"has_more":false}""", first.Body);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"content":""}""")]
    [InlineData("""{"content":5}""")]
    [InlineData("""{"content":"x","client_id":5}""")]
    public async Task Message_IsRefused_WhenTheBodyIsWrong(string body)
    {
        var (_, token) = await JoinAsync();
        AssertProblem(400, "invalid_format", await PostAsync($"/api/chats/{_id}/messages", token, body));
    }

    [Fact]
    public async Task Messages_AreRefused_WhenTheBurstIsUsedUp()
    {
        var (_, token) = await JoinAsync();
        var sends = Enumerable.Range(0, 200)
            .Select(_ => PostAsync($"/api/chats/{_id}/messages", token, """{"content":"x"}""")).ToArray();
        var answers = await Task.WhenAll(sends);
        Assert.True(answers.Count(answer => answer.Status == 201) >= 40);

        var refused = answers.First(answer => answer.Status == 429);
        AssertProblem(429, "rate_limited", refused);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.InRange(Json(refused).GetProperty("retry_after_ms").GetInt64(), 1, 50);
    }

    [Fact]
    public async Task Request_IsPutOff_WhenStorageIsUnavailable()
    {
        var (_, token) = await JoinAsync();
        Host.Grains.Chats[_id].Failure = new StorageUnavailableException("the disk is full");
        var answer = await GetAsync($"/api/chats/{_id}", token);
        Assert.Equal(
            (503, """{"title":"Try again later","status":503,"code":"unavailable","retry_after_ms":1000}"""),
            (answer.Status, answer.Body));
        Assert.Equal(TimeSpan.FromSeconds(1), answer.RetryAfter);
    }

    [Fact]
    public async Task Request_GetsACorrelationIdAndNoMore_WhenTheProgramFails()
    {
        var (_, token) = await JoinAsync();
        Host.Grains.Chats[_id].Failure = new InvalidCastException("a secret of the program");
        var answer = await GetAsync($"/api/chats/{_id}", token);
        AssertProblem(500, "internal_error", answer);
        Assert.DoesNotContain("secret", answer.Body);
        var correlationId = Json(answer).GetProperty("detail").GetString()!;
        Assert.Contains(Host.Log, line => line.Contains(correlationId) && line.Contains("a secret of the program"));
    }

    private async Task<(string User, string Token)> JoinAsync()
    {
        var user = await Host.CreateUserAsync();
        Host.Grains.Chats[_id] = new FakeChat(_id, user.Name);
        return user;
    }

    private string Golden(string user, int seq, string content, string clientId = "") =>
        $$"""{"id":{{999 + seq}},"content":"{{content}}","user":"{{user}}","timestamp":"2024-02-05T12:00:00.123Z","""
        + $$"""
          "chat_id":{{_id}},"seq":{{seq}}{{clientId}}}
          """;
}
