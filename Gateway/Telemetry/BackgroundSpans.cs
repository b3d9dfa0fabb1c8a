using System.Diagnostics;
using OpenTelemetry;

namespace NewLoom.Gateway.Telemetry;

/// <summary>Takes out what no client caused: a grain's call or a query that begins a trace of its own is a timer's, a
/// lease's or a poll's, and there would be thousands of them.</summary>
internal sealed class BackgroundSpans : BaseProcessor<Activity>
{
    /// <summary>The sources whose spans may begin a trace: frames and requests.</summary>
    private static readonly string[] Beginners = [GatewayTraces.SourceName, "Microsoft.AspNetCore"];

    public override void OnStart(Activity data)
    {
        if (data.ParentSpanId == default && !Beginners.Contains(data.Source.Name))
        {
            // What it causes follows it, by the sampler.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            data.IsAllDataRequested = false;
        }
    }
}
