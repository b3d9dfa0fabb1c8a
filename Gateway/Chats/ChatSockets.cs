using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Limits;
using NewLoom.Gateway.Sockets;
using NewLoom.Users;

namespace NewLoom.Gateway.Chats;

/// <summary>Sockets for chats, and what all of them use.</summary>
internal sealed class ChatSockets(
    IGrainFactory grains, ChatAudience audience, InitialChats initialChats, ChatSubscriber subscriber,
    MessageAllowances allowances, FrameFaults frameFaults) : ISocketKind
{
    public string ScopeParameter => "chats";

    public FrozenDictionary<string, JsonTypeInfo> FrameTypes => FrameReader.ChatTypes;

    public IGrainFactory Grains => grains;

    public ChatAudience Audience => audience;

    public InitialChats InitialChats => initialChats;

    public ChatSubscriber Subscriber => subscriber;

    public MessageAllowances Allowances => allowances;

    public FrameFaults FrameFaults => frameFaults;

    public bool Admits(Identity identity) => identity.Has(TokenScopes.Chat);

    public ISocketSession NewSession(ClientSocket socket) => new ChatSession(this, socket);
}
