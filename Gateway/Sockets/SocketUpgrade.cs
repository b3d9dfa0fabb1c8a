using Microsoft.AspNetCore.Http.Features;

namespace NewLoom.Gateway.Sockets;

/// <summary>Lets the framework shake hands as usual, but puts a <see cref="SocketStream"/> between its WebSocket and
/// the connection.</summary>
internal sealed class SocketUpgrade(
    IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect, TimeProvider time)
    : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    /// <summary>The connection, once the handshake was answered.</summary>
    public SocketStream? Stream { get; private set; }

    public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest ?? false;

    public bool IsExtendedConnect => connect?.IsExtendedConnect ?? false;

    public string? Protocol => connect?.Protocol;

    public async Task<Stream> UpgradeAsync() => Stream = new SocketStream(await upgrade!.UpgradeAsync(), time);

    public async ValueTask<Stream> AcceptAsync() => Stream = new SocketStream(await connect!.AcceptAsync(), time);
}
