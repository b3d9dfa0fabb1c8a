using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Checks what Django has signed, with its key or a former one.</summary>
/// <remarks>Source: django/core/signing.py and django/utils/crypto.py of Django 3.2 to 5.2; SHA-256 alone, never the
/// SHA-1 of Django before 3.1.</remarks>
internal sealed class DjangoSigner(IOptions<DjangoOptions> options)
{
    private const string AuthHashSalt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash";

    private readonly byte[][] _keys =
    [
        .. options.Value.SecretKeyFallbacks.Prepend(options.Value.SecretKey).Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>What <c>signing.dumps</c> signed with this salt, or null when the signature is not one of ours.</summary>
    public SignedJson? Unsign(string text, string salt)
    {
        var end = text.LastIndexOf(':');
        if (end < 0)
        {
            return null;
        }

        var value = text[..end];
        return IsMac(text[(end + 1)..], salt + "signer", value, mac => Base64Url.EncodeToString(mac))
            ? SignedJson.Parse(value)
            : null;
    }

    /// <summary>Whether a session's <c>_auth_user_hash</c> was made of the password that is stored now.</summary>
    public bool IsAuthHash(string hash, string password) =>
        IsMac(hash, AuthHashSalt, password, mac => Convert.ToHexStringLower(mac));

    private bool IsMac(string told, string salt, string value, Func<byte[], string> write)
    {
        var toldBytes = Encoding.UTF8.GetBytes(told);
        return _keys.Any(key => CryptographicOperations.FixedTimeEquals(
            toldBytes, Encoding.ASCII.GetBytes(write(Mac(salt, key, value)))));
    }

    /// <summary>Django's <c>salted_hmac</c>.</summary>
    private static byte[] Mac(string salt, byte[] key, string value) => HMACSHA256.HashData(
        SHA256.HashData([.. Encoding.UTF8.GetBytes(salt), .. key]), Encoding.UTF8.GetBytes(value));
}
