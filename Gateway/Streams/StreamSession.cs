using System.Collections.Concurrent;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Streams;
using NewLoom.Users;

namespace NewLoom.Gateway.Streams;

/// <summary>One stream socket: passes its reports on, and receives streams.</summary>
internal sealed class StreamSession(StreamSockets kind, ClientSocket socket) : ISocketSession
{
    /// <summary>Streams that are asked at once for one socket.</summary>
    private const int AskedCount = 16;

    private const int PageCount = 1_000;

    private readonly ReportLanes _reports = new(kind, socket);
    private IReadOnlyCollection<long> _later = [];

    public ISocketKind Kind => kind;

    private bool MayView => socket.Identity.Has(TokenScopes.StreamsView);

    public async Task<WelcomeNotice> OpenAsync(CancellationToken cancellationToken)
    {
        var streamIds = socket.Scope.TopicIds ?? await ListAsync(cancellationToken);
        _later = await SubscribeAsync(streamIds, waits: false, cancellationToken);
        return WelcomeNotice.For(socket, chats: []);
    }

    /// <summary>Subscribes the socket to those streams whose snapshots had no room before it could be
    /// written.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await SubscribeAsync(_later, waits: true, cancellationToken);
        _later = [];
    }

    public async ValueTask<ErrorNotice?> ActAsync(ClientFrame frame)
    {
        switch (frame)
        {
            case ReportFrame report:
                if (!socket.Identity.Has(TokenScopes.StreamsPublish))
                {
                    return frame.About(Errors.NotAuthorizedForStream());
                }

                await _reports.AddAsync(report);
                return null;
            case SubscribeStreamsFrame subscribe:
                return await EachTopic.SubscribeAsync(
                    socket, frame, subscribe.Streams, kind.FrameFaults,
                    stream => SubscribeAsync(stream.StreamId, frame.RequestId),
                    stream => Errors.NotAuthorizedForStream(stream.StreamId),
                    (stream, error) => error with { StreamId = stream.StreamId });
            case UnsubscribeStreamsFrame unsubscribe:
                kind.Audience.Unsubscribe(socket, unsubscribe.StreamIds);
                socket.Send(new UnsubscribedReply { StreamIds = unsubscribe.StreamIds, RequestId = frame.RequestId });
                return null;
            default:
                throw new InvalidOperationException($"No stream socket reads a {frame.GetType().Name}.");
        }
    }

    public Task FollowAsync(UserEvent added, CancellationToken cancellationToken) =>
        added is StreamAdded stream ? FollowAsync(stream.StreamId, cancellationToken) : Task.CompletedTask;

    public async Task RelistAsync(CancellationToken cancellationToken)
    {
        var known = socket.Topics.All().ToHashSet();    // also those that it has unsubscribed from
        foreach (var streamId in (await ListAsync(cancellationToken)).Where(streamId => !known.Contains(streamId)))
        {
            await FollowAsync(streamId, cancellationToken);
        }
    }

    public void Forget() => kind.Audience.Forget(socket);

    /// <summary>Completes the reports that were taken.</summary>
    public Task EndAsync() => _reports.Completed;

    private Task FollowAsync(long streamId, CancellationToken cancellationToken) => MayView
        ? kind.Audience.SubscribeAsync(socket, streamId, socket.IsExtended, cancellationToken, keepsPlace: true)
        : Task.CompletedTask;

    private async Task<bool> SubscribeAsync(long streamId, string? requestId)
    {
        await socket.Outbox.WaitForRoomAsync(socket.Ending);
        return MayView && await kind.Audience.SubscribeAsync(
            socket, streamId, greets: true, socket.Ending, requestId);
    }

    /// <summary>Subscribes to streams without being asked; extended clients get snapshots.</summary>
    /// <returns>Those for whose snapshots there was no room, when it does not wait.</returns>
    private async Task<IReadOnlyCollection<long>> SubscribeAsync(
        IReadOnlyCollection<long> streamIds, bool waits, CancellationToken cancellationToken)
    {
        var later = new ConcurrentQueue<long>();
        await Parallel.ForEachAsync(
            streamIds,
            new ParallelOptions { MaxDegreeOfParallelism = AskedCount, CancellationToken = cancellationToken },
            async (streamId, token) =>
            {
                if (!waits && !socket.Outbox.HasRoom)
                {
                    later.Enqueue(streamId);
                    return;
                }

                await (waits ? socket.Outbox.WaitForRoomAsync(token) : Task.CompletedTask);
                var mayView = MayView
                    && await kind.Audience.SubscribeAsync(socket, streamId, socket.IsExtended, token);
                if (!mayView && !socket.Scope.IsAll)
                {
                    socket.Send(Errors.NotAuthorizedForStream(streamId));
                }
            });
        return later;
    }

    /// <summary>Ids of all streams that the user may view, ascending.</summary>
    private async Task<IReadOnlyCollection<long>> ListAsync(CancellationToken cancellationToken)
    {
        var all = new List<long>();
        var grain = kind.Grains.GetGrain<IUserStreamsGrain>(UserKeys.ForUser(socket.User));
        var after = 0L;
        while (MayView)
        {
            var page = await grain.ListAsync(after, PageCount, cancellationToken);
            all.AddRange(page.Where(stream => stream.CanView).Select(stream => stream.StreamId));
            if (page.Length < PageCount)
            {
                break;
            }

            after = page[^1].StreamId;
        }

        return all;
    }
}
