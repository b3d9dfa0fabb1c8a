using NewLoom.Users;

namespace NewLoom.Audit;

/// <summary>Who makes a change: a username, or one of the names here, which can be nobody's.</summary>
public static class Actor
{
    /// <summary>The configured administrator, who is no user.</summary>
    public const string Administrator = "(administrator)";

    /// <summary>The service itself.</summary>
    public const string System = "(system)";

    /// <summary>Whether the text names somebody who can make changes.</summary>
    public static bool IsValid(string text) => text is Administrator or System || Username.IsValid(text);
}
