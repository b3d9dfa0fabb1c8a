using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateway.Telemetry;
using NewLoom.Gateways;
using NewLoom.Streams;

namespace NewLoom.Gateway.Streams;

/// <summary>One stream on this gateway: every status and error in order, counters as they come.</summary>
internal sealed class StreamFeed(long streamId, Func<TopicFeed, Task> repair, GatewayMetrics? metrics = null)
    : TopicFeed(streamId, repair, metrics)
{
    private const int PageCount = 200;

    private StreamView? _view;

    public override ITopicAudienceGrain TopicOf(IGrainFactory grains) => StreamOf(grains);

    /// <summary>Adds a socket with the stream's word that its user may view it.</summary>
    /// <param name="socket">The socket; an earlier subscription of it is replaced.</param>
    /// <param name="joined">The stream and where it was when it said so.</param>
    /// <param name="greets">Whether the socket is sent a snapshot; what follows is newer.</param>
    /// <param name="requestId">What the client called the frame that asked for it.</param>
    /// <returns>False when a viewer was removed meanwhile: the stream must be asked again.</returns>
    public bool TryAdd(ClientSocket socket, StreamJoinResult joined, bool greets, string? requestId)
    {
        lock (Gate)
        {
            if (Position.HasRemovedSince(joined.Position))
            {
                return false;
            }

            // Events may have been passed on while the stream's answer was on its way.
            _view ??= new StreamView(joined.Stream!);
            var now = _view.LaterOf(joined.Stream!);
            var subscription = new Subscription(socket, now.Version, joined.Position.RemovalCount);
            if (greets)
            {
                subscription.Stats = now.Stats;
                socket.Send(FrameMapping.Of(now) with { RequestId = requestId });
            }

            Add(subscription, joined.Position);
            return true;
        }
    }

    public override async Task CatchUpAsync(
        DoorCalls doors, TopicPosition through, CancellationToken cancellationToken)
    {
        var stream = StreamOf(doors.Grains);
        while (LastSeq < through.LastSeq)
        {
            var missed = await doors.AskAsync(
                (door, token) => door.ReadAsync(stream, LastSeq, through.LastSeq, PageCount, token), cancellationToken);
            if (missed.IsEmpty)
            {
                break;
            }

            lock (Gate)
            {
                foreach (var item in missed)
                {
                    Deliver(item);
                }
            }
        }

        if (await doors.AskAsync(
            (door, token) => door.GetSnapshotAsync(stream, token), cancellationToken) is { } now)
        {
            lock (Gate)
            {
                // A running execution's time passes all the while: that alone is no news.
                if (now.Stats.CountsAbove(_view!.Stats))
                {
                    PassOn(now.Execution, now.Version, now.Stats);
                }
            }
        }
    }

    protected override void Deliver(TopicEvent item)
    {
        switch (item)
        {
            case StatusChanged status:
                PassOn(status);
                _view!.Take(status);
                break;
            case ErrorReported error:
                if (Position.TryAdvance(error.Error.Seq))
                {
                    Sockets.Offer(EncodedFrame.Of(FrameMapping.Of(error)), error.Error.Seq);
                }

                _view!.Take(error);
                break;
            case StatsChanged stats:
                PassOn(stats.Execution, stats.Position.LastSeq, stats.Stats);
                break;
        }
    }

    /// <remarks>Plain clients are told nothing that the original document does not know.</remarks>
    protected override void TellEnd(Subscription[] ended)
    {
        foreach (var subscription in ended)
        {
            if (subscription.Socket.IsExtended)
            {
                subscription.Socket.Send(new UnsubscribedReply { StreamIds = [TopicId] });
            }
        }
    }

    private void PassOn(StatusChanged status)
    {
        if (!Position.TryAdvance(status.Seq))
        {
            return;
        }

        if (status.Execution != _view!.Execution)
        {
            Sockets.ForgetStats(status.Seq);
        }

        if (status.FinalStats is { } final)
        {
            var frame = new ExecutionStatsNotice(TopicId, StatsBody.Of(final)) { IsFinal = true };
            Sockets.OfferFinalStats(EncodedFrame.Of(frame), status.Seq, final);
        }

        Sockets.Offer(EncodedFrame.Of(FrameMapping.Of(status)), status.Seq);
    }

    /// <summary>Passes counters on to those who have the stream's last placed event, <paramref name="seq"/>, and not
    /// yet these.</summary>
    private void PassOn(int execution, long seq, StreamStats stats)
    {
        if (execution == _view!.Execution)
        {
            // After a silo's death a stream knows its counters as they were last stored; viewers were told later ones.
            stats = StreamStats.Later(_view.Stats, stats);
            Sockets.OfferStats(
                EncodedFrame.Of(new ExecutionStatsNotice(TopicId, StatsBody.Of(stats))), seq, stats);
            _view.Take(execution, stats);
        }
    }

    private IStreamAudienceGrain StreamOf(IGrainFactory grains) => grains.GetGrain<IStreamAudienceGrain>(TopicId);
}
