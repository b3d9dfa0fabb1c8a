using System.Globalization;

namespace NewLoom.Tests.Api;

public sealed class TokenApiTests(ApiHost host) : ApiTests(host)
{
    [Fact]
    public async Task Token_Works_UntilItIsRevoked()
    {
        var (name, own) = await Host.CreateUserAsync();
        var issued = await PostAsync($"/api/users/{name}/tokens", own, """{"expires_in":60}""");
        Assert.Equal(201, issued.Status);
        var body = Json(issued);
        Assert.Equal(
            ["token", "token_id", "expires_at", "scopes"], body.EnumerateObject().Select(property => property.Name));
        Assert.Equal("""["chat"]""", body.GetProperty("scopes").GetRawText());
        var token = body.GetProperty("token").GetString()!;

        Assert.Equal(200, (await GetAsync("/api/chats", token)).Status);
        var listed = await GetAsync($"/api/users/{name}/tokens", token);
        Assert.DoesNotContain(token, listed.Body);
        var second = Json(listed).GetProperty("tokens")[1];
        Assert.Equal(
            ["token_id", "created_at", "expires_at", "scopes"],
            second.EnumerateObject().Select(property => property.Name));
        Assert.Equal(body.GetProperty("expires_at").GetString(), second.GetProperty("expires_at").GetString());
        Assert.Equal(60, (Time(second, "expires_at") - Time(second, "created_at")).TotalSeconds);

        Assert.Equal(204, (await DeleteAsync(issued.Location!, own)).Status);
        AssertProblem(404, "not_found", await DeleteAsync(issued.Location!, own));
        var refused = await GetAsync("/api/chats", token);
        Assert.Equal((401, AuthenticationFailed), (refused.Status, refused.Body));
    }

    [Fact]
    public async Task Token_HasTheUsualScopesForThirtyDays_WhenTheAdministratorSaysNothing()
    {
        var (name, _) = await Host.CreateUserAsync();
        var issued = Json(await PostAsync($"/api/users/{name}/tokens", ApiHost.AdminToken, "{}"));
        Assert.Equal("""["chat","streams:view","streams:publish"]""", issued.GetProperty("scopes").GetRawText());
        var page = Json(await GetAsync($"/api/users/{name}/tokens?limit=5", ApiHost.AdminToken));
        var listed = page.GetProperty("tokens")[1];
        Assert.Equal(30, (Time(listed, "expires_at") - Time(listed, "created_at")).TotalDays);
    }

    [Fact]
    public async Task Tokens_ArePaged()
    {
        var (name, own) = await Host.CreateUserAsync();
        await PostAsync($"/api/users/{name}/tokens", own, "{}");
        var first = Json(await GetAsync($"/api/users/{name}/tokens?limit=1", own));
        Assert.True(first.GetProperty("has_more").GetBoolean());
        var after = first.GetProperty("tokens")[0].GetProperty("token_id").GetString();
        var second = Json(await GetAsync($"/api/users/{name}/tokens?limit=1&after={after}", own));
        Assert.False(second.GetProperty("has_more").GetBoolean());
        Assert.NotEqual(after, second.GetProperty("tokens")[0].GetProperty("token_id").GetString());
    }

    [Theory]
    [InlineData("""{"expires_in":0}""")]
    [InlineData("""{"expires_in":315360001}""")]
    [InlineData("""{"expires_in":"60"}""")]
    [InlineData("""{"expires_in":1.5}""")]
    [InlineData("""{"scopes":[]}""")]
    [InlineData("""{"scopes":["root"]}""")]
    [InlineData("""{"scopes":[null]}""")]
    [InlineData("""{"scopes":"chat"}""")]
    public async Task Token_IsRefused_WhenTheBodyIsWrong(string body)
    {
        var (name, own) = await Host.CreateUserAsync();
        AssertProblem(400, "invalid_format", await PostAsync($"/api/users/{name}/tokens", own, body));
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("streams:view")]
    public async Task Token_GivesNoScope_ThatItDoesNotHave(string scope)
    {
        var (name, own) = await Host.CreateUserAsync("chat");
        var refused = await PostAsync($"/api/users/{name}/tokens", own, $$"""{"scopes":["{{scope}}"]}""");
        Assert.Equal((403, NotAuthorized), (refused.Status, refused.Body));
    }

    [Fact]
    public async Task Tokens_AreTheUsersOwnAndTheAdministrators()
    {
        var (name, own) = await Host.CreateUserAsync();
        var (_, stranger) = await Host.CreateUserAsync();
        var path = $"/api/users/{name}/tokens";
        var id = Json(await GetAsync(path, own)).GetProperty("tokens")[0].GetProperty("token_id").GetString();
        foreach (var (status, token) in new[] { (403, stranger), (401, null) })
        {
            Assert.Equal(status, (await GetAsync(path, token)).Status);
            Assert.Equal(status, (await PostAsync(path, token, "{}")).Status);
            Assert.Equal(status, (await DeleteAsync($"{path}/{id}", token)).Status);
        }

        AssertProblem(404, "not_found", await GetAsync("/api/users/no.such.user/tokens", ApiHost.AdminToken));
        AssertProblem(404, "not_found", await PostAsync("/api/users/no.such.user/tokens", ApiHost.AdminToken, "{}"));
        AssertProblem(400, "invalid_format", await DeleteAsync($"{path}/not-a-guid", own));
        AssertProblem(400, "invalid_format", await GetAsync($"{path}?limit=0", own));
    }

    private static DateTimeOffset Time(System.Text.Json.JsonElement token, string name) =>
        DateTimeOffset.Parse(token.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
