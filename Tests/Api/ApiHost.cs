using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NewLoom.Audit;
using NewLoom.Gateway.Api;
using NewLoom.Gateway.Authentication;
using NewLoom.Tests.Users;
using NewLoom.Users;

namespace NewLoom.Tests.Api;

/// <summary>The HTTP API on a port of its own, with the users of <see cref="UsersCluster"/>.</summary>
public sealed class ApiHost(UsersCluster cluster) : IAsyncLifetime
{
    public const string AdminToken = "the administrator";

    private readonly LogLines _log = new();
    private WebApplication? _app;

    internal ApiGrains Grains { get; } = new(cluster.Grains);

    internal IServiceProvider Services => _app!.Services;

    internal HttpClient Client { get; private set; } = null!;

    /// <summary>Everything that was logged, at every level.</summary>
    internal IReadOnlyCollection<string> Log => _log.Lines;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["NewLoom:AdminToken"] = AdminToken;
        builder.Configuration["NewLoom:Limits:FailedAuthenticationsPerMinute"] = "100000";
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(_log);
        builder.Services.AddSingleton<IGrainFactory>(Grains);
        builder.Services.AddNewLoomAuthentication().AddNewLoomApi();
        _app = builder.Build();
        _app.MapNewLoomApi();
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
        _log.Dispose();
    }

    /// <summary>A new user with a token of these scopes; chat alone when none are given.</summary>
    internal async Task<(string Name, string Token)> CreateUserAsync(params string[] scopes)
    {
        var name = "u" + Guid.NewGuid().ToString("N");
        var user = cluster.Grains.GetGrain<IUserGrain>(UserKeys.ForUser(name));
        await user.CreateAsync(Actor.Administrator, TestContext.Current.CancellationToken);
        var token = await user.IssueTokenAsync(
            Actor.Administrator,
            TimeSpan.FromHours(1),
            scopes is [] ? [TokenScopes.Chat] : [.. scopes],
            TestContext.Current.CancellationToken);
        return (name, token!.Token);
    }

    /// <summary>Sends one request and reads all of the answer.</summary>
    internal async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? token, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new ApiAnswer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.Location?.ToString(),
            response.Headers.RetryAfter?.Delta);
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}

/// <summary>What came back.</summary>
internal sealed record ApiAnswer(int Status, string Body, string? ContentType, string? Location, TimeSpan? RetryAfter);
