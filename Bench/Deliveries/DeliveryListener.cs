using System.Text;
using NewLoom.Bench.Sockets;

namespace NewLoom.Bench.Deliveries;

/// <summary>Enters what the sockets hear into the books of the run under way, and remembers what went wrong.</summary>
public sealed class DeliveryListener : ISocketListener
{
    private const int TroubleCharactersMax = 200;

    private volatile DeliveryBooks? _books;
    private int _errors;
    private int _closed;
    private string? _firstTrouble;

    /// <summary>Error frames from the server.</summary>
    public int Errors => _errors;

    /// <summary>Sockets that ended before we closed them.</summary>
    public int Closed => _closed;

    /// <summary>What the first error frame or the first ending said.</summary>
    public string? FirstTrouble => _firstTrouble;

    /// <summary>Turns to the books of a new run.</summary>
    public void Use(DeliveryBooks books) => _books = books;

    /// <inheritdoc />
    public void Received(int socket, ReadOnlySpan<byte> payload, long receivedNanoseconds)
    {
        if (Marker.TryFind(payload, out var marker))
        {
            // A server that numbers messages decides their order; the order of sending is all that others have.
            var order = MessageFrame.TryReadSequence(payload, out var sequence) ? sequence : marker.Sequence;
            _books?.Enter(socket, marker, order, receivedNanoseconds);
        }
        else if (payload.IndexOf("\"type\":\"error\""u8) >= 0)
        {
            Interlocked.Increment(ref _errors);
            Remember(Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, TroubleCharactersMax)]));
        }
    }

    void ISocketListener.Closed(int socket, string reason)
    {
        Interlocked.Increment(ref _closed);
        Remember(reason);
    }

    private void Remember(string trouble) => Interlocked.CompareExchange(ref _firstTrouble, trouble, null);
}
