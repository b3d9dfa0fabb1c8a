using System.Security.Cryptography;
using System.Text;

namespace NewLoom.Users;

/// <summary>What is kept of a secret instead of it.</summary>
/// <remarks>A plain SHA-256 is enough for 256 random bits; it would not be for passwords.</remarks>
public static class TokenHash
{
    /// <summary>SHA-256 of the token's UTF-8 bytes, 64 lower-case hexadecimal digits.</summary>
    public static string Of(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
