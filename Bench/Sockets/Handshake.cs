using System.Text;

namespace NewLoom.Bench.Sockets;

/// <summary>The HTTP upgrade of a WebSocket.</summary>
public static class Handshake
{
    // The nonce and its answer from RFC 6455 §1.3. The nonce keeps caches away; a benchmark has none in between.
    private const string Nonce = "dGhlIHNhbXBsZSBub25jZQ==";
    private const string Answer = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    /// <summary>The request for a path with its query.</summary>
    /// <param name="authority">The server, for the header <c>Host</c>.</param>
    /// <param name="path">The path and the query.</param>
    /// <param name="protocol">The subprotocol to offer, if any.</param>
    public static byte[] Request(string authority, string path, string? protocol = null) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        $"Sec-WebSocket-Key: {Nonce}\r\nSec-WebSocket-Version: 13\r\n" +
        (protocol is null ? "\r\n" : $"Sec-WebSocket-Protocol: {protocol}\r\n\r\n"));

    /// <summary>Takes the server's answer off the reader; frames may follow it at once.</summary>
    /// <returns>False while a part of it is missing.</returns>
    /// <exception cref="InvalidDataException">The server refused.</exception>
    public static bool TryReadAnswer(FrameReader reader)
    {
        var end = reader.Unread.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var answer = Encoding.ASCII.GetString(reader.Unread[..end]);
        if (!answer.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal)
            || !answer.Contains(Answer, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"The upgrade was refused: {answer.Split("\r\n")[0]}");
        }

        reader.Skip(end + 4);
        return true;
    }
}
