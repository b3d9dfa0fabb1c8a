using NewLoom.Users;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Asks Django's database whether a credential still names the user for whom sockets were opened with
/// it.</summary>
/// <remarks>A logout, a deleted token, another password, a user who may not log in any more and a session that
/// Django made longer are all seen so.</remarks>
internal sealed class DjangoCheck(
    string kind, Func<string, CancellationToken, Task<DjangoLogin?>> find) : ICredentialCheck
{
    /// <summary>The kind of <see cref="DjangoSessions"/>.</summary>
    public const string SessionKind = "django-session";

    /// <summary>The kind of <see cref="DjangoTokens"/>.</summary>
    public const string TokenKind = "django-token";

    private const char Separator = ' ';    // in no username

    public string Kind => kind;

    /// <summary>Nobody tells NewLoom of ends in Django; within 30 s they must be known.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds(10);

    /// <summary>Django may be set to prolong a session with each request.</summary>
    public bool CanBeProlonged => true;

    /// <summary>The handle of a credential that names a user.</summary>
    public static CredentialHandle HandleOf(string kind, string user, string credential) =>
        new() { Kind = kind, Value = user + Separator + credential };

    public async Task<Standing?> FindAsync(string value, CancellationToken cancellationToken)
    {
        var parts = value.Split(Separator, 2);
        return await find(parts[1], cancellationToken) is { } login && login.User == parts[0]
            ? new Standing(login.ExpiresAt)
            : null;
    }
}
