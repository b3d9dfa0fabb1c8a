using System.Collections.Immutable;
using NewLoom.Gateways;

namespace NewLoom.Grains.Gateways;

/// <summary>Tells gateways what happened. One for each silo.</summary>
public interface IGatewayPublisher
{
    /// <summary>The live gateways, as this silo learnt them last (at most 2 s ago). A new instance whenever they
    /// changed.</summary>
    ImmutableHashSet<string> LiveGateways { get; }

    /// <summary>Ends when this silo has learnt them for the first time, or could not for 5 s. Who tells all of them
    /// waits for it: a silo that has just started takes over chats before that, and would tell nobody.</summary>
    Task Listed => Task.CompletedTask;

    /// <summary>Queues the event for the gateway; completes at once in the usual case. A gateway that is gone or
    /// slow is no error: its backlog is bounded, and it finds out what it missed.</summary>
    Task PublishAsync(string gatewayId, GatewayEvent item);
}
