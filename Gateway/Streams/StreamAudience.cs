using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateway.Telemetry;
using NewLoom.Streams;

namespace NewLoom.Gateway.Streams;

/// <summary>Which sockets of this gateway receive which stream.</summary>
internal sealed class StreamAudience(
    IGrainFactory grains, GatewayIdentity gateway, FeedRepair repair, GatewayMetrics metrics,
    ILogger<StreamAudience> logger)
    : TopicAudience<StreamFeed>(grains, gateway, logger)
{
    /// <summary>Lets a socket receive a stream from here on.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="greets">Whether the socket is sent a snapshot first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="requestId">What the client called the frame that asked for it.</param>
    /// <param name="keepsPlace">Whether a socket that receives the stream already goes on where it is.</param>
    /// <returns>False when the socket's user may not view the stream.</returns>
    public async Task<bool> SubscribeAsync(
        ClientSocket socket, long streamId, bool greets, CancellationToken cancellationToken,
        string? requestId = null, bool keepsPlace = false)
    {
        var feed = await PinAsync(streamId, cancellationToken);
        try
        {
            while (true)
            {
                var joined = await Grains.GetGrain<IStreamAudienceGrain>(streamId)
                    .JoinAsync(GatewayId, socket.User, cancellationToken);
                if (joined.Stream is null)
                {
                    feed.Expel(socket);
                    return false;
                }

                if (keepsPlace && feed.TryKeep(socket, joined.Position))
                {
                    return true;
                }

                if (feed.TryAdd(socket, joined, greets, requestId))
                {
                    socket.Topics.Note(streamId);
                    return true;
                }
            }
        }
        finally
        {
            feed.Unpin();
        }
    }

    protected override StreamFeed NewFeed(long topicId) => new(topicId, repair.RunAsync, metrics);
}
