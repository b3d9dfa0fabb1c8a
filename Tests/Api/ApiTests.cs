using System.Text.Json;
using NewLoom.Tests.Users;

namespace NewLoom.Tests.Api;

/// <summary>What the tests of the API share.</summary>
[Collection<SharedUsers>]
public abstract class ApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private protected const string NotAuthorized =
        """{"title":"Not authorized","status":403,"code":"permission_denied"}""";

    private protected const string NotAuthorizedForChat =
        """{"title":"Not authorized for this chat","status":403,"code":"permission_denied"}""";

    private protected const string AuthenticationFailed =
        """{"title":"Authentication failed","status":401,"code":"connection_error"}""";

    private protected ApiHost Host { get; } = host;

    private protected CancellationToken Ct { get; } = TestContext.Current.CancellationToken;

    private protected Task<ApiAnswer> GetAsync(string path, string? token) =>
        Host.SendAsync(HttpMethod.Get, path, token);

    private protected Task<ApiAnswer> PostAsync(string path, string? token, string json) =>
        Host.SendAsync(HttpMethod.Post, path, token, json);

    private protected Task<ApiAnswer> DeleteAsync(string path, string? token) =>
        Host.SendAsync(HttpMethod.Delete, path, token);

    private protected static void AssertProblem(int status, string code, ApiAnswer answer)
    {
        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
        using var problem = JsonDocument.Parse(answer.Body);
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.RootElement.GetProperty("title").GetString()!);
    }

    private protected static JsonElement Json(ApiAnswer answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.Clone();
    }
}
