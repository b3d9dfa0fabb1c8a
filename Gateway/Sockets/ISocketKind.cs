using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using NewLoom.Gateway.Authentication;

namespace NewLoom.Gateway.Sockets;

/// <summary>What one address is for: chats, or streams.</summary>
internal interface ISocketKind
{
    /// <summary>Name of the URL's parameter that narrows what a socket receives.</summary>
    string ScopeParameter { get; }

    /// <summary>The frames that a client may send, by <c>type</c>; <c>batch</c> holds them.</summary>
    FrozenDictionary<string, JsonTypeInfo> FrameTypes { get; }

    /// <summary>Whether the credential is one for this kind of socket.</summary>
    bool Admits(Identity identity);

    /// <summary>Begins what a new socket is used for.</summary>
    ISocketSession NewSession(ClientSocket socket);
}
