namespace NewLoom.Tests.Api;

public sealed class UserApiTests(ApiHost host) : ApiTests(host)
{
    private readonly string _name = "u" + Guid.NewGuid().ToString("N") + "@x+y";

    [Fact]
    public async Task User_IsCreatedShownAndDeleted_ByTheAdministrator()
    {
        var created = await PostAsync("/api/users", ApiHost.AdminToken, $$"""{"username":"{{_name}}"}""");
        Assert.Equal(201, created.Status);
        Assert.Matches(
            """^\{"username":"u[0-9a-f]{32}@x(\+|\\u002B)y","created_at":"[-0-9]{10}T[:0-9]{8}\.\d{3}Z"\}$""",
            created.Body);

        var shown = await GetAsync(created.Location!, ApiHost.AdminToken);
        Assert.Equal((200, created.Body), (shown.Status, shown.Body));

        var again = await PostAsync("/api/users", ApiHost.AdminToken, $$"""{"username":"{{_name}}"}""");
        AssertProblem(409, "conflict", again);

        var deleted = await DeleteAsync(created.Location!, ApiHost.AdminToken);
        Assert.Equal((204, ""), (deleted.Status, deleted.Body));
        AssertProblem(404, "not_found", await DeleteAsync(created.Location!, ApiHost.AdminToken));
        AssertProblem(404, "not_found", await GetAsync(created.Location!, ApiHost.AdminToken));
    }

    [Theory]
    [InlineData("""{"username":"a b"}""")]
    [InlineData("""{"username":""}""")]
    [InlineData("""{"username":7}""")]
    [InlineData("""{"username":null}""")]
    [InlineData("""{"Username":"alice"}""")]
    [InlineData("""{"username":"alice","username":"bob"}""")]
    [InlineData("""{"username":"alice" """)]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task User_IsRefused_WhenTheBodyIsWrong(string body) =>
        AssertProblem(400, "invalid_format", await PostAsync("/api/users", ApiHost.AdminToken, body));

    [Fact]
    public async Task Users_AreTheAdministratorsAlone()
    {
        var (name, token) = await Host.CreateUserAsync();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            var refused = await Host.SendAsync(method, $"/api/users/{name}", token);
            Assert.Equal((403, NotAuthorized), (refused.Status, refused.Body));
            var unknown = await Host.SendAsync(method, $"/api/users/{name}", null);
            Assert.Equal((401, AuthenticationFailed), (unknown.Status, unknown.Body));
        }

        AssertProblem(403, "permission_denied", await PostAsync("/api/users", token, """{"username":"x"}"""));
    }

    [Fact]
    public async Task Users_AreManagedByUsers_WhenTheirTokenHasTheScope()
    {
        var (name, token) = await Host.CreateUserAsync("admin");
        Assert.Equal(200, (await GetAsync($"/api/users/{name}", token)).Status);
    }

    [Fact]
    public async Task Username_IsChecked_InThePath() =>
        AssertProblem(400, "invalid_format", await GetAsync("/api/users/a%20b", ApiHost.AdminToken));
}
