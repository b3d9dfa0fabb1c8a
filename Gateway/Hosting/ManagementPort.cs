using NewLoom.Gateway.Telemetry;

namespace NewLoom.Gateway.Hosting;

/// <summary>Keeps health checks and metrics on a port of their own, which the operator does not let outsiders
/// reach.</summary>
internal static class ManagementPort
{
    /// <summary>The port: one of those that the process listens on. (default: none; all ports answer them)</summary>
    public const string Key = $"{ClusterSettings.Section}:ManagementPort";

    /// <summary>Comes first: the port answers nothing but health checks and metrics, and no other port answers
    /// those.</summary>
    /// <exception cref="ConfigurationException">The value is no port.</exception>
    public static void UseManagementPort(this WebApplication app)
    {
        var port = Settings.Port(app.Configuration, Key, otherwise: 0);
        if (port == 0)
        {
            return;
        }

        app.Use((context, next) =>
        {
            var path = context.Request.Path;
            var isManagement = path.StartsWithSegments("/healthz")
                || path.StartsWithSegments(TelemetryHosting.MetricsPath);
            if (isManagement == (context.Connection.LocalPort == port))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    /// <summary>Refuses a port that nobody listens on: probes would find nobody.</summary>
    /// <param name="configuration">The process's.</param>
    /// <param name="ports">Those that it listens on.</param>
    /// <exception cref="ConfigurationException">The port is none of them.</exception>
    public static void Check(IConfiguration configuration, IReadOnlyCollection<int> ports)
    {
        var port = Settings.Port(configuration, Key, otherwise: 0);
        if (port != 0 && !ports.Contains(port))
        {
            throw new ConfigurationException(
                $"{Key} must be a port of {ListenUrls.Key} or {ListenUrls.EndpointsKey}, but none of them has {port}.");
        }
    }
}
