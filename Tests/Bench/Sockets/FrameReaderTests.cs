using System.Buffers.Binary;
using NewLoom.Bench.Sockets;

namespace NewLoom.Tests.Bench.Sockets;

public sealed class FrameReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void Reader_GivesTheSameFrames_HoweverTheNetworkSplitsThem(int pieceBytes)
    {
        int[] sizes = [0, 1, 125, 126, 2048, 65_535, 65_536, 70_000];
        byte[] sent = [.. sizes.SelectMany(size => ServerFrame(0x81, size))];
        var reader = new FrameReader();
        var read = new List<(Opcode, int)>();

        for (var at = 0; at < sent.Length;)
        {
            var space = reader.FreeSpace();
            var count = Math.Min(Math.Min(pieceBytes, sent.Length - at), space.Length);
            sent.AsMemory(at, count).CopyTo(space);
            reader.Received(count);
            at += count;
            while (reader.TryRead(out var frame))
            {
                Assert.Equal(-1, frame.Payload.IndexOfAnyExcept((byte)frame.Payload.Length));
                read.Add((frame.Opcode, frame.Payload.Length));
            }
        }

        Assert.Equal(sizes.Select(size => (Opcode.Text, size)), read);
        Assert.True(reader.Unread.IsEmpty);
    }

    [Theory]
    [InlineData(0x01, 5)]      // text, not final
    [InlineData(0x80, 5)]      // continuation
    [InlineData(0xC1, 5)]      // compressed
    [InlineData(0x81, 0x85)]   // masked
    [InlineData(0x89, 126)]    // overlong ping
    public void Reader_Refuses_WhatAServerMustNotSend(byte first, byte second)
    {
        var reader = Filled([first, second, 0, 200]);

        Assert.Throws<InvalidDataException>(() => reader.TryRead(out _));
    }

    [Fact]
    public void Reader_Refuses_WhenAFrameIsLargerThanTheLimit()
    {
        var reader = Filled([0x81, 127, 0, 0, 0, 0, 0xFF, 0, 0, 0]);

        Assert.False(reader.TryRead(out _));
        Assert.Throws<InvalidDataException>(() => FillWithoutEnd(reader));
    }

    private static void FillWithoutEnd(FrameReader reader)
    {
        while (true)
        {
            reader.Received(reader.FreeSpace().Length);
        }
    }

    private static FrameReader Filled(byte[] bytes)
    {
        var reader = new FrameReader();
        bytes.CopyTo(reader.FreeSpace());
        reader.Received(bytes.Length);
        return reader;
    }

    private static byte[] ServerFrame(byte first, int size)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, size);
        byte[] header = size switch
        {
            < 126 => [first, (byte)size],
            <= 65_535 => [first, 126, .. length[6..]],
            _ => [first, 127, .. length],
        };
        return [.. header, .. Enumerable.Repeat((byte)size, size)];
    }
}
