using System.Text;
using NewLoom.Chats;

namespace NewLoom.Grains.Chats;

/// <summary>What a message may be.</summary>
internal static class MessageRules
{
    /// <summary>The longest content, in Unicode scalar values.</summary>
    public const int ContentLengthMax = 4_000;

    /// <summary>The longest client id, in Unicode scalar values.</summary>
    public const int ClientIdLengthMax = 64;

    /// <summary>Checks a draft and puts its line ends in order (CRLF becomes LF).</summary>
    /// <param name="draft">The draft; the normalised one when it is good.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static string? Normalise(ref MessageDraft draft)
    {
        if (draft.Content.Contains('\r', StringComparison.Ordinal))
        {
            draft = draft with { Content = draft.Content.Replace("\r\n", "\n", StringComparison.Ordinal) };
        }

        return ContentProblem(draft.Content) ?? ClientIdProblem(draft.ClientId);
    }

    private static string? ContentProblem(string content)
    {
        // A scalar value is one or two UTF-16 units, so this bounds the walk below.
        if (content.Length > 2 * ContentLengthMax)
        {
            return $"content is longer than {ContentLengthMax} characters";
        }

        if (string.IsNullOrWhiteSpace(content))
        {
            return "content is empty";
        }

        var count = 0;
        for (var rest = content.AsSpan(); !rest.IsEmpty; count++)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                return "content holds an unpaired surrogate";
            }

            if (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n'))
            {
                return $"content holds the control character U+{rune.Value:X4}";
            }

            rest = rest[length..];
        }

        return count > ContentLengthMax ? $"content is longer than {ContentLengthMax} characters" : null;
    }

    private static string? ClientIdProblem(string? clientId)
    {
        if (clientId is null)
        {
            return null;
        }

        var count = clientId.Length <= 2 * ClientIdLengthMax ? clientId.EnumerateRunes().Count() : int.MaxValue;
        return count is 0 or > ClientIdLengthMax
            ? $"client_id must have 1 to {ClientIdLengthMax} characters"
            : StorableText.IsValid(clientId) ? null : "client_id holds U+0000 or half a surrogate pair";
    }
}
