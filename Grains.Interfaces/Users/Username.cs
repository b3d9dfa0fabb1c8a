using System.Buffers;

namespace NewLoom.Users;

/// <summary>The rule for usernames: 1 to 150 of letters, digits and <c>@ . + - _</c>.</summary>
/// <remarks>Source: Django's UnicodeUsernameValidator, <c>^[\w.@+-]+\Z</c>.</remarks>
public static class Username
{
    /// <summary>The longest username, in characters.</summary>
    public const int LengthMax = 150;

    private static readonly SearchValues<char> Signs = SearchValues.Create("@.+-_");

    /// <summary>Whether the text may be a username.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length is 0 or > LengthMax)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && !Signs.Contains(c))
            {
                return false;
            }
        }

        return true;
    }
}
