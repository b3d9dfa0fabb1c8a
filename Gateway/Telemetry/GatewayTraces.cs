using System.Diagnostics;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Telemetry;

/// <summary>What a gateway adds to traces: it begins one with each frame of a client, and ends those of events at its
/// sockets. Ids and counts are in them, never what people wrote.</summary>
internal static class GatewayTraces
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "NewLoom.Gateway";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody traces at all.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>A client's frame: the beginning of a trace.</summary>
    public static Activity? StartFrame(ClientSocket socket, ClientFrame frame)
    {
        Activity.Current = null;
        return Source.StartActivity($"frame {GatewayMetrics.NameOf(frame.Kind)}", ActivityKind.Server)
            ?.SetTag("newloom.connection.id", socket.ConnectionId);
    }

    /// <summary>Reports of one socket to one stream that go together.</summary>
    /// <param name="cause">The trace of the first of them that has one.</param>
    /// <param name="count">How many they are.</param>
    /// <returns>Null when none of them is traced.</returns>
    public static Activity? StartReports(ActivityContext cause, int count) => cause == default
        ? null
        : Source.StartActivity("reports", ActivityKind.Client, cause)?.SetTag("newloom.reports", count);

    /// <summary>An event that is given to sockets.</summary>
    /// <returns>Null when nobody traces what caused it.</returns>
    public static Activity? StartDelivery(TopicEvent item) =>
        item.Trace is { } trace && ActivityContext.TryParse(trace, traceState: null, isRemote: true, out var cause)
            ? Source.StartActivity("deliver", ActivityKind.Consumer, cause)?.SetTag("newloom.topic.id", item.TopicId)
            : null;
}
