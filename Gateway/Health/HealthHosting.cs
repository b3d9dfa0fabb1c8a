using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NewLoom.Gateway.Api;

namespace NewLoom.Gateway.Health;

/// <summary>Says whether the process lives and whether it can be used: <c>/healthz/live</c> and
/// <c>/healthz/ready</c>.</summary>
internal static class HealthHosting
{
    /// <summary>Tag of checks that <c>/healthz/ready</c> makes.</summary>
    public const string ReadyTag = "ready";

    /// <summary>Adds the checks that every process has.</summary>
    public static void AddNewLoomHealth(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck<LifetimeCheck>("lifetime", tags: [ReadyTag]);

    /// <summary>Adds the check that storage takes writes.</summary>
    /// <param name="services">The process's.</param>
    /// <param name="probe">Fails when it does not.</param>
    public static void AddStorageCheck(this IServiceCollection services, Func<IServiceProvider, Func<Task>> probe)
    {
        services.AddKeyedSingleton("storage", (provider, _) =>
            new ProbeCheck(probe(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "storage", provider => provider.GetRequiredKeyedService<ProbeCheck>("storage"), HealthStatus.Unhealthy, [ReadyTag]));
    }

    /// <summary>Answers health checks, before anything else looks at a request.</summary>
    public static void UseNewLoomHealth(this WebApplication app)
    {
        // Whether it lives asks nobody: a database that is gone is no reason to kill the process.
        app.UseHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
        app.UseHealthChecks("/healthz/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(ReadyTag),
            ResponseWriter = WriteAsync,
        });
    }

    /// <summary>What is wrong, a line each.</summary>
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        var wrong = report.Entries
            .Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => $"\n{entry.Key}: {entry.Value.Description}");
        return context.Response.WriteAsync($"{report.Status}{string.Concat(wrong)}");
    }

    /// <summary>Refuses what comes before the process can serve it; and sockets that come when it is about to stop:
    /// they would have to go at once.</summary>
    public static void UseReadiness(this WebApplication app)
    {
        var lifetime = app.Lifetime;
        app.Use((context, next) =>
        {
            var isRefused = lifetime.ApplicationStopping.IsCancellationRequested
                ? context.WebSockets.IsWebSocketRequest || context.Request.Path.StartsWithSegments("/ws")
                : !lifetime.ApplicationStarted.IsCancellationRequested;
            return isRefused ? Problems.Unavailable(Faults.RetryAfter).ExecuteAsync(context) : next(context);
        });
    }
}
