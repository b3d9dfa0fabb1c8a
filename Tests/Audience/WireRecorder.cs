using System.Buffers.Binary;
using System.Text.Json.Nodes;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Sockets;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Audience;

/// <summary>A connection that takes everything at once, and the socket that writes to it.</summary>
internal sealed class WireRecorder : IWire
{
    private readonly List<JsonObject> _frames = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WireRecorder(string user, bool isExtended = false, TimeProvider? time = null)
    {
        Socket = new ClientSocket(
            isExtended, TopicScope.All, new SocketLimitOptions(), time ?? TimeProvider.System)
        {
            Identity = new Identity(user, ExpiresAt: null, Scopes: []),
        };
        Socket.Outbox.Attach(this, first: null);
    }

    public ClientSocket Socket { get; }

    /// <summary>Ends with its first frame.</summary>
    public Task First => _first.Task;

    /// <summary>All frames that it got, in order.</summary>
    public IReadOnlyList<JsonObject> Frames => _frames;

    /// <summary>The places of the messages that the socket got, in order.</summary>
    public IEnumerable<long> Seqs => _frames.Where(frame => frame.Get<string>("type") == "message")
        .Select(frame => frame.Get<long>("message.seq"));

    /// <summary>The types of all frames that it got, in order.</summary>
    public IEnumerable<string> Types => _frames.Select(frame => frame.Get<string>("type"));

    public ValueTask WriteAsync(ReadOnlyMemory<byte> frames)
    {
        var rest = frames.Span;
        while (!rest.IsEmpty)
        {
            var (headerBytes, payloadBytes) = rest[1] switch
            {
                127 => (10, (int)BinaryPrimitives.ReadUInt64BigEndian(rest[2..])),
                126 => (4, BinaryPrimitives.ReadUInt16BigEndian(rest[2..])),
                var bytes => (2, bytes),
            };
            _frames.Add((JsonObject)JsonNode.Parse(rest.Slice(headerBytes, payloadBytes))!);
            rest = rest[(headerBytes + payloadBytes)..];
        }

        _first.TrySetResult();

        return ValueTask.CompletedTask;
    }

    public void Abort()
    {
    }
}
