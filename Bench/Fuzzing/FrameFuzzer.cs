using System.Text;

namespace NewLoom.Bench.Fuzzing;

/// <summary>Makes frames that a client should not send: good ones with something changed, random JSON, random text,
/// random bytes. The same seed makes the same frames.</summary>
/// <param name="seed">Where the random numbers start.</param>
/// <param name="corpus">Frames to start from.</param>
public sealed class FrameFuzzer(int seed, IReadOnlyList<string> corpus)
{
    private const int LargeBytesMax = 70_000;

    private readonly Random _random = new(seed);

    /// <summary>The random numbers, for who has more to choose.</summary>
    public Random Random => _random;

    /// <summary>The next frame's bytes; most are UTF-8.</summary>
    public byte[] Next() => _random.Next(100) switch
    {
        < 10 => Utf8(Pick(corpus)),
        < 30 => Mutated(Utf8(Pick(corpus))),
        < 55 => Utf8(WithOtherValue(Pick(corpus))),
        < 75 => Utf8(RandomObject(depth: 0)),
        < 83 => Utf8(Batch()),
        < 87 => Utf8(Deep()),
        < 91 => Utf8(RandomText(_random.Next(200))),
        < 94 => Utf8(WithField(Pick(corpus), Pick(FrameCorpus.Fields), Quoted(RandomText(_random.Next(5_000))))),
        < 95 => Utf8(Pick(corpus).PadRight(_random.Next(LargeBytesMax))),
        < 98 => Mutated(Mutated(Utf8(Pick(corpus)))),
        _ => RandomBytes(_random.Next(300)),
    };

    private T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Bytes flipped, cut out, doubled, or followed by another frame's.</summary>
    private byte[] Mutated(byte[] frame)
    {
        var (start, end) = (_random.Next(frame.Length + 1), _random.Next(frame.Length + 1));
        (start, end) = (Math.Min(start, end), Math.Max(start, end));
        switch (_random.Next(5))
        {
            case 0 when frame.Length > 0:
                var flipped = (byte[])frame.Clone();
                flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
                return flipped;
            case 1:
                return [.. frame[..start], .. frame[end..]];
            case 2:
                return [.. frame[..end], .. frame[start..]];
            case 3:
                return [.. frame[..start], .. Utf8(Pick(FrameCorpus.Values)), .. frame[start..]];
            default:
                var other = Utf8(Pick(corpus));
                return [.. frame[..start], .. other[..Math.Max(0, other.Length - _random.Next(3))]];
        }
    }

    /// <summary>A frame in which one value is another, or one field is there twice.</summary>
    private string WithOtherValue(string frame)
    {
        if (_random.Next(4) == 0)
        {
            return WithField(frame, Pick(FrameCorpus.Fields), Pick(FrameCorpus.Values));
        }

        var colons = Enumerable.Range(0, frame.Length).Where(i => frame[i] == ':').ToList();
        if (colons.Count == 0)
        {
            return frame;
        }

        var start = Pick(colons) + 1;
        var end = frame.IndexOfAny([',', '}'], start);
        return end < 0 ? frame[..start] : frame[..start] + Pick(FrameCorpus.Values) + frame[end..];
    }

    private static string WithField(string frame, string name, string value)
    {
        var at = frame.LastIndexOf('}');
        return at < 0 ? frame : $"{frame[..at]},\"{name}\":{value}{frame[at..]}";
    }

    private string RandomObject(int depth)
    {
        var text = new StringBuilder("{");
        if (depth == 0 || _random.Next(3) == 0)
        {
            text.Append($"\"type\":\"{Pick(FrameCorpus.Types)}\"");
        }

        for (var i = _random.Next(6); i > 0; i--)
        {
            text.Append(text.Length > 1 ? "," : "").Append($"\"{Pick(FrameCorpus.Fields)}\":{RandomValue(depth + 1)}");
        }

        return text.Append('}').ToString();
    }

    private string RandomValue(int depth) => _random.Next(depth > 5 ? 2 : 5) switch
    {
        0 => Pick(FrameCorpus.Values),
        1 => _random.NextInt64(long.MinValue, long.MaxValue).ToString(),
        2 => RandomObject(depth),
        3 => $"[{string.Join(',', Enumerable.Range(0, _random.Next(4)).Select(_ => RandomValue(depth + 1)))}]",
        _ => Quoted(RandomText(_random.Next(20))),
    };

    private string Batch()
    {
        var parts = Enumerable.Range(0, _random.Next(_random.Next(4) == 0 ? 120 : 5))
            .Select(_ => _random.Next(3) == 0 ? RandomObject(depth: 0) : WithOtherValue(Pick(corpus)));
        return $$"""{"type":"batch","frames":[{{string.Join(',', parts)}}],"request_id":"b"}""";
    }

    private string Deep()
    {
        var depth = _random.Next(4) == 0 ? _random.Next(5_000) : _random.Next(55, 75);
        var (open, close) = _random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        var inner = Repeat(open, depth) + "1" + Repeat(close, _random.Next(5) == 0 ? depth - 1 : depth);
        return WithField(Pick(corpus), Pick(FrameCorpus.Fields), inner);
    }

    private static string Repeat(string text, int count) =>
        count <= 0 ? "" : new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private string RandomText(int length)
    {
        var text = new StringBuilder(length);
        while (text.Length < length)
        {
            text.Append(_random.Next(4) switch
            {
                0 => (char)_random.Next(128),
                1 => (char)_random.Next(0xD800),
                2 => Pick("{}[]\":,\\ut0"),
                _ => 'x',
            });
        }

        return text.ToString();
    }

    private char Pick(string text) => text[_random.Next(text.Length)];

    /// <summary>As a JSON string; now and then what must be escaped is not.</summary>
    private string Quoted(string text) => _random.Next(10) == 0
        ? $"\"{text}\""
        : $"\"{string.Concat(text.Select(c => c is '"' or '\\' ? $"\\{c}" : c < ' ' ? $"\\u{(int)c:x4}" : $"{c}"))}\"";
}
