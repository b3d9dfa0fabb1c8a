using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Hosting;
using Orleans.Dashboard;

namespace NewLoom.Gateway.Dashboard;

/// <summary>The Orleans Dashboard at <c>/dashboard/</c>, for administrators.</summary>
internal static class DashboardHosting
{
    /// <summary>Whether this process takes part in it: silos collect what it shows, gateways show it.</summary>
    public const string Key = $"{ClusterSettings.Section}:Dashboard";

    private const string Path = "/dashboard";

    // It brings fonts, and sets styles in its elements.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; " +
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Whether it is configured. (default: false, for it measures every grain call while it is open)</summary>
    /// <exception cref="ConfigurationException">The value is neither true nor false.</exception>
    public static bool HasDashboard(this IConfiguration configuration) =>
        Settings.Flag(configuration, Key, otherwise: false);

    /// <summary>Lets a silo collect what the dashboard shows, and a gateway in its process show it.</summary>
    public static ISiloBuilder AddNewLoomDashboard(this ISiloBuilder silo) =>
        silo.Configuration.HasDashboard() ? silo.AddDashboard(Configure) : silo;

    /// <summary>Lets a gateway show what silos collect.</summary>
    public static IClientBuilder AddNewLoomDashboard(this IClientBuilder client) =>
        client.Configuration.HasDashboard() ? client.AddDashboard(Configure) : client;

    /// <summary>Shows it to administrators: with a bearer token, or in a browser with a session.</summary>
    public static void MapNewLoomDashboard(this WebApplication app)
    {
        if (app.Configuration.HasDashboard())
        {
            app.MapOrleansDashboard(Path)
                .RequireAuthorization(AccessPolicies.Admin)
                .ExcludeFromDescription()
                .AddEndpointFilter<RouteGroupBuilder, ContentPolicyFilter>();
        }
    }

    // Its view of the log holds a request open for an hour, and shows one process of many.
    private static void Configure(DashboardOptions options) => options.HideTrace = true;

    private sealed class ContentPolicyFilter : IEndpointFilter
    {
        public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            context.HttpContext.Response.Headers.ContentSecurityPolicy = ContentPolicy;
            return next(context);
        }
    }
}
