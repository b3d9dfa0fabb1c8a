using System.Net.Sockets;
using System.Reflection;
using Microsoft.AspNetCore.Connections;

namespace NewLoom.Gateway.Cluster;

/// <summary>Breaks connections of the cluster whose other side has acknowledged nothing for some seconds.</summary>
/// <remarks>
/// Across a cut network a connection lives for as long as TCP tries again, which is about a quarter of an hour, and
/// after the cut it waits as long again as the cut has lasted. Meanwhile Orleans goes on using it: a silo keeps
/// sending to a gateway over its own connection although others still reach that gateway. A keep-alive does not help,
/// for it is sent only while nothing else waits. Linux has a limit for this case (RFC 5482, tcp(7)); Orleans has no
/// option for it and keeps its sockets to itself, so the socket is taken out of a private field. Where that fails, or
/// on another system, connections are as they were.
/// </remarks>
internal static class UnacknowledgedData
{
    /// <summary>A silo that lost a gateway drops it within two of its <c>ClientDropTimeout</c>s more, and serves it by
    /// way of another silo then: all within the 15 s for which no socket may be deaf.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // Of Linux: netinet/tcp.h.
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    /// <summary>Sets the limit on all connections that are made.</summary>
    public static void LimitUnacknowledgedData(this IConnectionBuilder connections) =>
        connections.Use(next => connection =>
        {
            TrySet(connection, Limit);
            return next(connection);
        });

    /// <summary>Sets the limit on one connection.</summary>
    /// <returns>Whether its socket was found, and knows such a limit.</returns>
    internal static bool TrySet(ConnectionContext connection, TimeSpan limit)
    {
        var field = connection.GetType().GetField("_socket", BindingFlags.Instance | BindingFlags.NonPublic);
        if (!OperatingSystem.IsLinux() || field?.GetValue(connection) is not Socket socket)
        {
            return false;
        }

        socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes((int)limit.TotalMilliseconds));
        return true;
    }
}
