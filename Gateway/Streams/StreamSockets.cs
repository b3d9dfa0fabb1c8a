using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Users;

namespace NewLoom.Gateway.Streams;

/// <summary>Sockets for streams, and what all of them use.</summary>
internal sealed class StreamSockets(
    IGrainFactory grains, StreamAudience audience, FrameFaults frameFaults, TimeProvider time)
    : ISocketKind
{
    public string ScopeParameter => "streams";

    public FrozenDictionary<string, JsonTypeInfo> FrameTypes => FrameReader.StreamTypes;

    public IGrainFactory Grains => grains;

    public StreamAudience Audience => audience;

    public FrameFaults FrameFaults => frameFaults;

    public TimeProvider Time => time;

    public bool Admits(Identity identity) =>
        identity.Has(TokenScopes.StreamsView) || identity.Has(TokenScopes.StreamsPublish);

    public ISocketSession NewSession(ClientSocket socket) => new StreamSession(this, socket);
}
