namespace NewLoom.Tests.Api;

public sealed class ChatApiTests(ApiHost host) : ApiTests(host)
{
    [Fact]
    public async Task Chat_IsCreatedAndListed()
    {
        var (owner, token) = await Host.CreateUserAsync();
        var (member, _) = await Host.CreateUserAsync();
        var created = await PostAsync("/api/chats", token, $$"""{"name":"n","members":["{{member}}"]}""");
        var id = Json(created).GetProperty("chat_id").GetInt64();
        Assert.Equal(
            (201, $$"""{"chat_id":{{id}}}""", $"/api/chats/{id}"), (created.Status, created.Body, created.Location));

        var listed = await GetAsync("/api/chats", token);
        Assert.Equal(
            $$"""{"chats":[{"chat_id":{{id}},"name":"n","owner":"{{owner}}","seq":0,"read_seq":0,"member_count":2}],"""
            + "\"has_more\":false}",
            listed.Body);
    }

    [Fact]
    public async Task Chats_ArePaged()
    {
        var (_, token) = await Host.CreateUserAsync();
        await PostAsync("/api/chats", token, """{"name":"a"}""");
        await PostAsync("/api/chats", token, """{"name":"b"}""");
        var first = Json(await GetAsync("/api/chats?limit=1", token));
        Assert.True(first.GetProperty("has_more").GetBoolean());
        var after = first.GetProperty("chats")[0].GetProperty("chat_id").GetInt64();
        var second = Json(await GetAsync($"/api/chats?limit=1&after={after}", token));
        Assert.Equal("b", second.GetProperty("chats")[0].GetProperty("name").GetString());
        Assert.False(second.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public async Task Chat_IsShownRenamedAndDeleted_ByItsOwner()
    {
        var (owner, token) = await Host.CreateUserAsync();
        Host.Grains.Chats[5] = new FakeChat(5, owner);
        var shown = await GetAsync("/api/chats/5", token);
        Assert.Equal((200, Golden(owner, "chat")), (shown.Status, shown.Body));

        var renamed = await Host.SendAsync(HttpMethod.Patch, "/api/chats/5", token, """{"name":"new"}""");
        Assert.Equal((200, Golden(owner, "new")), (renamed.Status, renamed.Body));

        Assert.Equal(204, (await DeleteAsync("/api/chats/5", token)).Status);
        var gone = await GetAsync("/api/chats/5", token);
        Assert.Equal((403, NotAuthorizedForChat), (gone.Status, gone.Body));

        static string Golden(string owner, string name) =>
            $$"""{"chat_id":5,"name":"{{name}}","owner":"{{owner}}","seq":0,"read_seq":0,"member_count":1,"""
            + $$"""
              "members":["{{owner}}"]}
              """;
    }

    [Fact]
    public async Task Stranger_SeesNoDifference_BetweenAChatAndNone()
    {
        var (owner, _) = await Host.CreateUserAsync();
        var (_, stranger) = await Host.CreateUserAsync();
        Host.Grains.Chats[6] = new FakeChat(6, owner);
        foreach (var id in new[] { 6, 404 })
        {
            ApiAnswer[] answers =
            [
                await GetAsync($"/api/chats/{id}", stranger),
                await GetAsync($"/api/chats/{id}/members", stranger),
                await Host.SendAsync(HttpMethod.Patch, $"/api/chats/{id}", stranger, """{"name":"x"}"""),
                await DeleteAsync($"/api/chats/{id}", stranger),
                await Host.SendAsync(HttpMethod.Put, $"/api/chats/{id}/members/bob", stranger),
                await DeleteAsync($"/api/chats/{id}/members/bob", stranger),
                await GetAsync($"/api/chats/{id}/messages", stranger),
                await PostAsync($"/api/chats/{id}/messages", stranger, """{"content":"hi"}"""),
            ];
            Assert.All(answers, answer => Assert.Equal((403, NotAuthorizedForChat), (answer.Status, answer.Body)));
        }
    }

    [Fact]
    public async Task Members_AreAddedListedAndRemoved()
    {
        var (owner, token) = await Host.CreateUserAsync();
        var (member, memberToken) = await Host.CreateUserAsync();
        Host.Grains.Chats[7] = new FakeChat(7, owner);
        Assert.Equal(204, (await Host.SendAsync(HttpMethod.Put, $"/api/chats/7/members/{member}", token)).Status);

        string[] names = [.. new[] { owner, member }.Order(StringComparer.Ordinal)];
        var first = await GetAsync("/api/chats/7/members?limit=1", token);
        Assert.Equal($$"""{"members":["{{names[0]}}"],"has_more":true}""", first.Body);
        var second = await GetAsync($"/api/chats/7/members?limit=1&after={names[0]}", token);
        Assert.Equal($$"""{"members":["{{names[1]}}"],"has_more":false}""", second.Body);

        Assert.Equal(204, (await DeleteAsync($"/api/chats/7/members/{member}", memberToken)).Status);
        AssertProblem(403, "permission_denied", await GetAsync("/api/chats/7/members", memberToken));
        AssertProblem(400, "invalid_format", await DeleteAsync("/api/chats/7/members/a%20b", token));
        AssertProblem(409, "conflict", await Host.SendAsync(HttpMethod.Put, "/api/chats/7/members/full", token));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":" "}""")]
    [InlineData("""{"name":"x","members":"bob"}""")]
    [InlineData("""{"name":"x","members":[null]}""")]
    [InlineData("""{"name":"x","members":["no.such.user"]}""")]
    public async Task Chat_IsRefused_WhenTheBodyIsWrong(string body)
    {
        var (_, token) = await Host.CreateUserAsync();
        AssertProblem(400, "invalid_format", await PostAsync("/api/chats", token, body));
    }

    [Theory]
    [InlineData("/api/chats/0")]
    [InlineData("/api/chats/-1")]
    [InlineData("/api/chats/9007199254740992")]
    [InlineData("/api/chats/99999999999999999999")]
    [InlineData("/api/chats/abc")]
    [InlineData("/api/chats/0/messages")]
    [InlineData("/api/chats/0/members")]
    [InlineData("/api/chats?limit=0")]
    [InlineData("/api/chats?limit=1001")]
    [InlineData("/api/chats?limit=x")]
    [InlineData("/api/chats?after=-1")]
    [InlineData("/api/chats/1/messages?limit=201")]
    [InlineData("/api/chats/1/messages?before_seq=0")]
    [InlineData("/api/chats/1/members?limit=1001")]
    public async Task Request_IsRefused_WhenANumberIsWrong(string path)
    {
        var (_, token) = await Host.CreateUserAsync();
        AssertProblem(400, "invalid_format", await GetAsync(path, token));
    }

    [Fact]
    public async Task Chats_NeedAUserWithTheScope()
    {
        var (_, viewer) = await Host.CreateUserAsync("streams:view");
        foreach (var (status, token) in new[] { (403, viewer), (403, ApiHost.AdminToken), (401, "wrong"), (401, null) })
        {
            Assert.Equal(status, (await GetAsync("/api/chats", token)).Status);
            Assert.Equal(status, (await PostAsync("/api/chats", token, """{"name":"x"}""")).Status);
            Assert.Equal(status, (await GetAsync("/api/chats/1/messages", token)).Status);
            Assert.Equal(status, (await PostAsync("/api/chats/1/messages", token, """{"content":"x"}""")).Status);
        }
    }
}
