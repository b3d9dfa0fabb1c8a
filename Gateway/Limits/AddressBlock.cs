using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace NewLoom.Gateway.Limits;

/// <summary>The addresses that are counted as one: an IPv4 address, or an IPv6 network of 64 bits.</summary>
/// <remarks>The lower 64 bits are the client's own to choose (RFC 4291 §2.5.1).</remarks>
internal readonly record struct AddressBlock
{
    private readonly AddressFamily _family;
    private readonly ulong _bits;

    private AddressBlock(AddressFamily family, ulong bits) => (_family, _bits) = (family, bits);

    /// <summary>The block of an address; all clients without one (those of a Unix socket) are in one block.</summary>
    public static AddressBlock Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        if (plain is null || !plain.TryWriteBytes(bytes, out var byteCount))
        {
            return default;
        }

        return byteCount == sizeof(uint)
            ? new AddressBlock(AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new AddressBlock(AddressFamily.InterNetworkV6, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
