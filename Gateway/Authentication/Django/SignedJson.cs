using System.Buffers.Text;
using System.IO.Compression;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>The inside of what Django's <c>signing.dumps</c> made.</summary>
/// <param name="Utf8">What was signed: JSON when Django uses its JSON serializer.</param>
/// <param name="SignedAt">When, to the second, UTC.</param>
internal sealed record SignedJson(byte[] Utf8, DateTimeOffset SignedAt)
{
    /// <summary>No session is larger when it is unpacked, so that a small one cannot fill the memory.</summary>
    public const int BytesMax = 1_024 * 1_024;

    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Reads <c>base64:time</c>, with a dot before it when it is compressed; null when it is none.</summary>
    public static SignedJson? Parse(string value)
    {
        var end = value.LastIndexOf(':');
        if (end < 0 || ParseTime(value.AsSpan(end + 1)) is not { } signedAt)
        {
            return null;
        }

        var isCompressed = value[0] == '.';
        var base64 = value.AsSpan(isCompressed ? 1 : 0, end - (isCompressed ? 1 : 0));
        if (!Base64Url.IsValid(base64, out var length) || length > BytesMax)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(base64);
        return (isCompressed ? Inflate(bytes) : bytes) is { } utf8 ? new SignedJson(utf8, signedAt) : null;
    }

    private static DateTimeOffset? ParseTime(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 7)    // Seven digits reach the year 90,000, which is later than .NET's last.
        {
            return null;
        }

        var seconds = 0L;
        foreach (var c in text)
        {
            var digit = Base62.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
            {
                return null;
            }

            seconds = (seconds * Base62.Length) + digit;
        }

        return seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
    }

    private static byte[]? Inflate(byte[] bytes)
    {
        using var inflating = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        var part = new byte[8 * 1_024];
        try
        {
            int count;
            while ((count = inflating.Read(part)) > 0)
            {
                if (inflated.Length + count > BytesMax)
                {
                    return null;
                }

                inflated.Write(part, 0, count);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return inflated.ToArray();
    }
}
