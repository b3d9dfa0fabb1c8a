using System.Globalization;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Which chats a socket receives from the start: all of its user's, or those that <c>?chats=</c>
/// names.</summary>
/// <param name="ChatIds">The named chats; null: all, also those joined later.</param>
internal sealed record ChatScope(IReadOnlyList<long>? ChatIds)
{
    public static readonly ChatScope All = new(ChatIds: null);

    public static readonly ChatScope None = new([]);

    public bool IsAll => ChatIds is null;

    /// <summary>Reads the <c>chats</c> parameter of the URL.</summary>
    /// <returns>The scope, or null when the parameter is neither <c>none</c> nor a list of ids.</returns>
    public static ChatScope? Parse(string? text)
    {
        if (text is null)
        {
            return All;
        }

        if (text == "none")
        {
            return None;
        }

        var ids = new List<long>();
        foreach (var part in text.Split(','))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || WireId.FindProblem(id, "chats") is not null)
            {
                return null;
            }

            ids.Add(id);
        }

        return new ChatScope(ids.Distinct().ToList());
    }
}
