namespace NewLoom.Bench.Streams;

/// <summary>Who reports and who watches: streams, the sockets that view each, and the sockets that report.</summary>
/// <param name="Streams">Streams.</param>
/// <param name="Viewers">Sockets that view each stream.</param>
/// <param name="Publishers">Sockets that report, the streams in turn.</param>
public sealed record StreamLayout(int Streams, int Viewers, int Publishers)
{
    private const int ViewerSocketsUsual = 100;

    /// <summary>Sockets that view, each with a user of its own; one receives many streams.</summary>
    public int ViewerSockets => Math.Max(Viewers, Math.Min(ViewerSocketsUsual, Streams * Viewers));

    /// <summary>The socket that is a stream's viewer.</summary>
    /// <param name="stream">The stream's index.</param>
    /// <param name="viewer">0 to <see cref="Viewers"/> - 1.</param>
    public int SocketOf(int stream, int viewer) => (stream + viewer) % ViewerSockets;

    /// <summary>Which of the stream's viewers a socket is; null when it is none.</summary>
    public int? ViewerOf(int stream, int socket)
    {
        var viewer = (socket - stream % ViewerSockets + ViewerSockets) % ViewerSockets;
        return viewer < Viewers ? viewer : null;
    }

    /// <summary>The socket that reports for a stream.</summary>
    public int PublisherOf(int stream) => stream % Publishers;
}
