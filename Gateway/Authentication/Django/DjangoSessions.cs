using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Says whom a <c>sessionid</c> cookie names, of Django's database or signed-cookie sessions.</summary>
internal sealed class DjangoSessions(
    DjangoTables tables, DjangoSigner signer, IOptions<DjangoOptions> options, TimeProvider time)
{
    /// <summary>No browser keeps a longer cookie. RFC 6265 §6.1.</summary>
    private const int CookieLengthMax = 4_096;

    // Source: django/contrib/sessions/backends/base.py and the column's length.
    private const int KeyLengthMin = 8;
    private const int KeyLengthMax = 40;

    private const string DatabaseSalt = "django.contrib.sessions.SessionStore";
    private const string CookieSalt = "django.contrib.sessions.backends.signed_cookies";

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>Whom the cookie names now, or null when it is no session that holds.</summary>
    /// <remarks>Django gives sessions to visitors too, for a shopping cart or a language: those name nobody.</remarks>
    public async Task<DjangoLogin?> FindAsync(string cookie, CancellationToken cancellationToken)
    {
        var (utf8, expiresAt) = await ReadAsync(cookie, cancellationToken);
        if (expiresAt <= time.GetUtcNow() || SessionData.Parse(utf8) is not { } session)
        {
            return null;
        }

        return session.UserId is null
            ? new DjangoLogin(User: "", expiresAt)
            : await FindLoginAsync(session, expiresAt, cancellationToken);
    }

    private async Task<DjangoLogin?> FindLoginAsync(
        SessionData session, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        session is { UserId: { } userId, Backend.Length: > 0, Hash: { } hash }
            && long.TryParse(userId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && await tables.FindUserAsync(id, cancellationToken) is { IsActive: true } user
            && signer.IsAuthHash(hash, user.Password)
                ? new DjangoLogin(user.Name, expiresAt)
                : null;

    /// <returns>The session, and when it ends: at once when it is none.</returns>
    private async Task<(byte[] Utf8, DateTimeOffset ExpiresAt)> ReadAsync(
        string cookie, CancellationToken cancellationToken)
    {
        if (cookie.Length <= CookieLengthMax && signer.Unsign(cookie, CookieSalt) is { } signed)
        {
            return (signed.Utf8, signed.SignedAt + options.Value.SessionCookieAge);
        }

        return IsKey(cookie)
            && await tables.FindSessionAsync(cookie, cancellationToken) is { } row
            && signer.Unsign(row.Data, DatabaseSalt) is { } stored
                ? (stored.Utf8, row.ExpiresAt)
                : ([], DateTimeOffset.MinValue);
    }

    private static bool IsKey(string cookie) =>
        cookie.Length is >= KeyLengthMin and <= KeyLengthMax && !cookie.AsSpan().ContainsAnyExcept(KeyCharacters);
}
