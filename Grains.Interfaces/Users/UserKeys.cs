namespace NewLoom.Users;

/// <summary>Grain keys made of text.</summary>
/// <remarks>Orleans' AdoNet storage takes a key that reads as a hexadecimal number or a GUID for that number, so that
/// the users "a" and "0a" would share one row; a prefix keeps them apart (measured on Orleans 10.4.2).</remarks>
public static class UserKeys
{
    private const string UserPrefix = "u:";
    private const string TokenPrefix = "t:";
    private const string TicketPrefix = "k:";

    /// <summary>The key of a user's grains.</summary>
    public static string ForUser(string username) => UserPrefix + username;

    /// <summary>The username in a user grain's key.</summary>
    public static string UserOf(string key) => key[UserPrefix.Length..];

    /// <summary>The key of a token's grain.</summary>
    /// <param name="hash">SHA-256 of the token, 64 lower-case hexadecimal digits.</param>
    public static string ForToken(string hash) => TokenPrefix + hash;

    /// <summary>The key of a ticket's grain.</summary>
    /// <param name="hash">SHA-256 of the ticket, 64 lower-case hexadecimal digits.</param>
    public static string ForTicket(string hash) => TicketPrefix + hash;
}
