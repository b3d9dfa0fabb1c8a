using System.Diagnostics;
using NewLoom.Grains.Storage;

namespace NewLoom.Grains.Telemetry;

/// <summary>What a silo adds to a trace that reaches it. Nothing here begins one.</summary>
internal static class GrainTraces
{
    /// <summary>Other writes of one batch that are named: a trace's reader wants to know of some.</summary>
    private const int LinkCountMax = 32;

    private static readonly ActivitySource Source = new("NewLoom.Grains");

    /// <summary>What is being traced now; null when nothing is.</summary>
    public static Activity? Current => Activity.Current is { Recorded: true } current ? current : null;

    /// <summary>An event on its way to gateways.</summary>
    /// <returns>Null when nobody traces what caused it.</returns>
    public static Activity? StartPublish() =>
        Current is null ? null : Source.StartActivity("publish", ActivityKind.Producer);

    /// <summary>A transaction: a part of the trace of its first traced write, linked to those of some others.</summary>
    /// <returns>Null when none of them is traced.</returns>
    public static Activity? StartCommit(List<StorageWrite> batch)
    {
        if (!Source.HasListeners() || batch.Find(write => write.Cause is not null) is not { } first)
        {
            return null;
        }

        var links = batch.Where(write => write.Cause is not null && write != first)
            .Take(LinkCountMax)
            .Select(write => new ActivityLink(write.Cause!.Context));
        return Source.StartActivity("commit", ActivityKind.Internal, first.Cause!.Context, links: links)
            ?.SetTag("newloom.storage.batch.size", batch.Count);
    }
}
