using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Api;

/// <summary>What the tests of the streams' HTTP calls share: the real service, with users and streams of their
/// own.</summary>
[Collection(SharedService.Name)]
public abstract class StreamApiTests(ServiceFixture fixture)
{
    /// <summary>No stream has it.</summary>
    private protected const long UnknownId = 4_000_000_000;

    private protected const string NotAuthorizedForStream =
        """{"title":"Not authorized for this stream","status":403,"code":"permission_denied"}""";

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected ServiceFixture Fixture { get; } = fixture;

    private protected Task<(string Name, string Token)> UserAsync() => Fixture.World.UserAsync();

    /// <summary>A stream that Alice owns, views and publishes, and Bob views.</summary>
    private protected async Task<ApiRoom> RoomAsync()
    {
        var (alice, bob) = (await UserAsync(), await UserAsync());
        return new ApiRoom(alice, bob, await Fixture.World.StreamAsync(alice, bob));
    }

    /// <summary>One more token of a user, of this scope alone.</summary>
    private protected async Task<(string Name, string Token)> NarrowAsync(
        (string Name, string Token) user, string scope)
    {
        using var admin = Fixture.Service.Http();
        var answer = await admin.PostAsJsonAsync($"api/users/{user.Name}/tokens", new { scopes = new[] { scope } }, Ct);
        var issued = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(Ct);
        return (user.Name, issued!.Get<string>("token"));
    }

    private protected Task<ApiAnswer> GetAsync((string Name, string Token) user, string path) =>
        CallAsync(user, HttpMethod.Get, path);

    private protected Task<ApiAnswer> PutAsync((string Name, string Token) user, string path) =>
        CallAsync(user, HttpMethod.Put, path);

    private protected Task<ApiAnswer> DeleteAsync((string Name, string Token) user, string path) =>
        CallAsync(user, HttpMethod.Delete, path);

    private protected Task<ApiAnswer> PostAsync((string Name, string Token) user, string path, string json) =>
        CallAsync(user, HttpMethod.Post, path, json);

    private protected async Task<ApiAnswer> CallAsync(
        (string Name, string Token) user, HttpMethod method, string path, string? json = null)
    {
        using var http = Fixture.Service.Http(user.Token);
        using var request = new HttpRequestMessage(method, path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, Ct);
        return new ApiAnswer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(Ct),
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.Location?.ToString(),
            response.Headers.RetryAfter?.Delta);
    }

    /// <summary>The body of an answer that was a success.</summary>
    private protected static JsonObject Json(ApiAnswer answer)
    {
        Assert.True(answer.Status is 200 or 201, $"{answer.Status}: {answer.Body}");
        return (JsonObject)JsonNode.Parse(answer.Body)!;
    }

    private protected static void AssertRefused(ApiAnswer answer) =>
        Assert.Equal((403, NotAuthorizedForStream), (answer.Status, answer.Body));

    /// <summary>The request was wrong, and the answer names what in it.</summary>
    private protected static void AssertInvalid(string detail, ApiAnswer answer)
    {
        Assert.Equal((400, "application/problem+json"), (answer.Status, answer.ContentType));
        var problem = JsonNode.Parse(answer.Body)!;
        Assert.Equal("invalid_format", problem.Get<string>("code"));
        Assert.Contains(detail, problem.Get<string>("detail"), StringComparison.Ordinal);
    }

    /// <summary>A stream, its owner and somebody who may only view it.</summary>
    internal sealed record ApiRoom((string Name, string Token) Alice, (string Name, string Token) Bob, long StreamId)
    {
        public string Path => $"api/streams/{StreamId}";
    }
}
