using System.Globalization;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Which topics a socket receives from the start: all of its user's, or those that the URL
/// names.</summary>
/// <param name="TopicIds">The named ones; null: all, also those that come later.</param>
internal sealed record TopicScope(IReadOnlyList<long>? TopicIds)
{
    public static readonly TopicScope All = new(TopicIds: null);

    public static readonly TopicScope None = new([]);

    public bool IsAll => TopicIds is null;

    /// <summary>Reads the URL's parameter.</summary>
    /// <returns>The scope, or null when the parameter is neither <c>none</c> nor a list of ids.</returns>
    public static TopicScope? Parse(string? text, string name)
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
                || WireId.FindProblem(id, name) is not null)
            {
                return null;
            }

            ids.Add(id);
        }

        return new TopicScope(ids.Distinct().ToList());
    }
}
