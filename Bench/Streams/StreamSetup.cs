using NewLoom.Bench.Rooms;

namespace NewLoom.Bench.Streams;

/// <summary>Creates users, their tokens and streams in a running service, which keeps them.</summary>
public sealed class StreamSetup(ApiClient api, string prefix)
{
    private const int CallsAtOnce = 8;

    /// <summary>Creates everything a layout needs.</summary>
    public async Task<StreamTargets> CreateAsync(StreamLayout layout, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = CallsAtOnce,
            CancellationToken = cancellationToken,
        };
        var viewers = new string[layout.ViewerSockets];
        var publishers = new string[layout.Publishers];
        await Parallel.ForAsync(0, viewers.Length, options, async (i, cancellation) =>
            viewers[i] = await api.CreateUserAsync(ViewerName(i), cancellation));
        await Parallel.ForAsync(0, publishers.Length, options, async (i, cancellation) =>
            publishers[i] = await api.CreateUserAsync($"{prefix}p{i}", cancellation));

        var streamIds = new long[layout.Streams];
        await Parallel.ForAsync(0, layout.Streams, options, async (stream, cancellation) =>
            streamIds[stream] = await api.CreateStreamAsync(
                $"{prefix} {stream}",
                publishers[layout.PublisherOf(stream)],
                Enumerable.Range(0, layout.Viewers).Select(viewer => ViewerName(layout.SocketOf(stream, viewer))),
                cancellation));
        return new StreamTargets(
            streamIds,
            [.. viewers.Select(token => new SocketTarget(0, $"/ws/streams/?token={Uri.EscapeDataString(token)}"))],
            [.. publishers.Select(token =>
                new SocketTarget(0, $"/ws/streams/?token={Uri.EscapeDataString(token)}&streams=none"))]);
    }

    private string ViewerName(int socket) => $"{prefix}v{socket}";
}

/// <summary>What to open: sockets that view, and sockets that report.</summary>
public sealed record StreamTargets(long[] StreamIds, SocketTarget[] Viewers, SocketTarget[] Publishers);
