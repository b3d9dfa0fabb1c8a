namespace NewLoom.Grains.Gateways;

/// <summary>The rule for names of chats and streams: 1 to 200 characters that can be stored.</summary>
internal static class TopicName
{
    private const int LengthMax = 200;

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? FindProblem(string name) =>
        string.IsNullOrWhiteSpace(name) || name.EnumerateRunes().Count() > LengthMax
            ? $"name must have 1 to {LengthMax} characters, not only white space"
            : StorableText.IsValid(name) ? null : "name holds U+0000 or half a surrogate pair";
}
