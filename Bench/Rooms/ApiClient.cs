using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace NewLoom.Bench.Rooms;

/// <summary>The few calls of the HTTP API that a benchmark needs. A server that is busy is asked again.</summary>
public sealed class ApiClient(Uri server, string adminToken, TimeProvider time) : IDisposable
{
    private const int AttemptsMax = 10;
    private static readonly TimeSpan PauseUsual = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new() { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Creates a user.</summary>
    /// <returns>A token for it.</returns>
    public async Task<string> CreateUserAsync(string username, CancellationToken cancellationToken)
    {
        await PostAsync("/api/users", new { username }, adminToken, cancellationToken);
        var issued = await PostAsync($"/api/users/{username}/tokens", new { }, adminToken, cancellationToken);
        return Property(issued, "token").GetString()!;
    }

    /// <summary>Creates a chat of its owner and other members.</summary>
    /// <returns>The chat's id.</returns>
    public async Task<long> CreateChatAsync(
        string name, string ownerToken, IEnumerable<string> members, CancellationToken cancellationToken)
    {
        var created = await PostAsync("/api/chats", new { name, members }, ownerToken, cancellationToken);
        return Property(created, "chat_id").GetInt64();
    }

    /// <summary>Creates a stream that its owner publishes, and others where they are given.</summary>
    /// <returns>The stream's id.</returns>
    public async Task<long> CreateStreamAsync(
        string name, string ownerToken, IEnumerable<string> viewers, CancellationToken cancellationToken,
        IEnumerable<string>? publishers = null)
    {
        var created = await PostAsync(
            "/api/streams", new { name, viewers, publishers = publishers ?? [] }, ownerToken, cancellationToken);
        return Property(created, "stream_id").GetInt64();
    }

    /// <summary>Asks for something.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="BenchException">It was refused.</exception>
    public Task<JsonElement> GetAsync(string path, string token, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Get, path, body: null, token, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private Task<JsonElement> PostAsync(
        string path, object body, string token, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, path, body, token, cancellationToken);

    private async Task<JsonElement> CallAsync(
        HttpMethod method, string path, object? body, string token, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : JsonContent.Create(body);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await _http.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return await ReadAsync(response, cancellationToken);
            }

            var busy = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
            if (!busy || attempt == AttemptsMax)
            {
                var problem = await response.Content.ReadAsStringAsync(cancellationToken);
                throw new BenchException($"{method} {path} was answered with {(int)response.StatusCode}: {problem}");
            }

            await Task.Delay(PauseAfter(response), time, cancellationToken);
        }
    }

    private static async Task<JsonElement> ReadAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            return text.Length == 0 ? default : JsonElement.Parse(text);
        }
        catch (JsonException e)
        {
            throw new BenchException("The server's answer is not JSON: is --url a NewLoom gateway?", e);
        }
    }

    private static JsonElement Property(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value)
            ? value
            : throw new BenchException($"The server's answer has no {name}: is --url a NewLoom gateway?");

    private TimeSpan PauseAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        var pause = asked?.Delta ?? asked?.Date - time.GetUtcNow() ?? PauseUsual;
        return TimeSpan.FromTicks(Math.Clamp(pause.Ticks, 0, PauseMax.Ticks));
    }
}
