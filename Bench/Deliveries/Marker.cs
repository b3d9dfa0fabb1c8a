using System.Globalization;
using System.Text.Unicode;

namespace NewLoom.Bench.Deliveries;

/// <summary>What a message's content begins with, so that each delivery tells what it is.</summary>
/// <remarks>
/// <c>@@ run(8) room(6) sequence(8) due(16)</c>, decimal digits without the spaces: of a fixed width, and found by
/// looking for its start, so that a payload need not be parsed.
/// </remarks>
/// <param name="Run">Whose message it is: another phase, or another program, has another number.</param>
/// <param name="Room">The room's number.</param>
/// <param name="Sequence">The message's number in its room and run, from 0.</param>
/// <param name="DueNanoseconds">When it ought to have been sent, on the sender's monotonic clock.</param>
public readonly record struct Marker(int Run, int Room, int Sequence, long DueNanoseconds)
{
    /// <summary>Bytes that a marker takes.</summary>
    public const int ByteCount = 2 + 8 + 6 + 8 + 16;

    /// <summary>Runs are numbered below this.</summary>
    public const int RunsMax = 100_000_000;

    /// <summary>Rooms are numbered below this.</summary>
    public const int RoomsMax = 1_000_000;

    private static ReadOnlySpan<byte> Start => "@@"u8;

    /// <summary>Fills a content: the marker, then padding.</summary>
    /// <param name="content">At least <see cref="ByteCount"/> bytes.</param>
    public void Write(Span<byte> content)
    {
        content.Fill((byte)'x');
        Utf8.TryWrite(
            content,
            CultureInfo.InvariantCulture,
            $"@@{Run:D8}{Room:D6}{Sequence:D8}{DueNanoseconds:D16}",
            out _);
    }

    /// <summary>Finds the marker in a payload.</summary>
    public static bool TryFind(ReadOnlySpan<byte> payload, out Marker marker)
    {
        marker = default;
        var at = payload.IndexOf(Start);
        if (at < 0 || payload.Length - at < ByteCount)
        {
            return false;
        }

        var digits = payload.Slice(at + Start.Length, ByteCount - Start.Length);
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        marker = new Marker(
            (int)Number(digits[..8]), (int)Number(digits[8..14]), (int)Number(digits[14..22]), Number(digits[22..]));
        return true;
    }

    private static long Number(ReadOnlySpan<byte> digits) => long.Parse(digits, CultureInfo.InvariantCulture);
}
