using System.Buffers;
using System.Text;

namespace NewLoom;

/// <summary>The rule for every text that is stored: what every database can hold.</summary>
public static class StorableText
{
    /// <summary>Whether it can be stored: not with U+0000, nor with half a surrogate pair.</summary>
    public static bool IsValid(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        // Only from the first surrogate on: most texts have none.
        var from = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        for (var rest = from < 0 ? [] : text.AsSpan(from); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }
}
