using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NewLoom.Gateway.Telemetry;

/// <summary>Where metrics and traces go: metrics to <c>/metrics</c>, and both by OTLP when the standard variables name
/// an endpoint.</summary>
internal static class TelemetryHosting
{
    /// <summary>Where Prometheus asks.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>The standard variables of OpenTelemetry that say where something goes.</summary>
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Meters = ["NewLoom.*", "Microsoft.Orleans", "Npgsql"];
    private static readonly string[] Sources = ["NewLoom.*", "Microsoft.Orleans.Application", "Npgsql"];

    /// <summary>Adds metrics, and traces when they go somewhere.</summary>
    public static void AddNewLoomTelemetry(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(builder.Environment.ApplicationName)
                .AddEnvironmentVariableDetector())    // OTEL_SERVICE_NAME wins
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddPrometheusExporter();
                if (HasEndpoint(configuration, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"))
                {
                    metrics.AddOtlpExporter();
                }
            });
        if (IsTracing(configuration))
        {
            telemetry.WithTracing(traces => traces
                .AddSource(Sources)
                .AddAspNetCoreInstrumentation(requests => requests.Filter = IsTraced)
                .AddProcessor(new BackgroundSpans())
                .AddOtlpExporter());
        }
    }

    /// <summary>Whether traces go anywhere: else nothing is to be done for them.</summary>
    public static bool IsTracing(IConfiguration configuration) =>
        HasEndpoint(configuration, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

    /// <summary>Answers Prometheus, before anything else looks at a request.</summary>
    public static void UseNewLoomMetrics(this WebApplication app) => app.UseOpenTelemetryPrometheusScrapingEndpoint(
        meterProvider: null,
        predicate: null,
        path: MetricsPath,
        configureBranchedPipeline: branch => branch.Use(async (context, next) =>
        {
            await Task.Yield();    // collecting takes a while, and this may be a thread that serves sockets
            await next(context);
        }),
        optionsName: null);

    /// <summary>A socket's request would last for days; its frames are traced instead. Nobody wants to see
    /// probes.</summary>
    private static bool IsTraced(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/ws")
        && !context.Request.Path.StartsWithSegments("/healthz")
        && !context.Request.Path.StartsWithSegments(MetricsPath);

    private static bool HasEndpoint(IConfiguration configuration, string key) =>
        !string.IsNullOrEmpty(configuration[EndpointKey]) || !string.IsNullOrEmpty(configuration[key]);
}
