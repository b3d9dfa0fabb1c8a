namespace NewLoom.Tests.Api;

/// <summary>What cannot even be read is named in the API's words.</summary>
public sealed class UnreadableRequestTests(ApiHost host) : ApiTests(host)
{
    [Theory]
    [InlineData("/api/chats?limit=x", "limit cannot be read")]
    [InlineData("/api/chats/abc", "id cannot be read")]
    public async Task Value_IsNamed_WhenItCannotBeRead(string path, string detail)
    {
        var answer = await GetAsync(path, (await Host.CreateUserAsync()).Token);
        AssertProblem(400, "invalid_format", answer);
        Assert.Equal(detail, Json(answer).GetProperty("detail").GetString());
    }
}
