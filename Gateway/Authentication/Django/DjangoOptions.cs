using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>An existing Django application whose users NewLoom admits. Configuration section
/// <c>NewLoom:Authentication:Django</c>; without it there is none.</summary>
public sealed class DjangoOptions
{
    /// <summary>Where these options are configured.</summary>
    public const string SectionName = "NewLoom:Authentication:Django";

    /// <summary>Django's database, which is only read: a PostgreSQL one (<c>Host=…;Database=…</c>) or a SQLite file
    /// (<c>Data Source=…</c>; Django must store times in UTC then, <c>USE_TZ = True</c>).</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Django's <c>SECRET_KEY</c>.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>Django's <c>SECRET_KEY_FALLBACKS</c>: former keys, whose sessions still hold. (default: none)</summary>
    public IList<string> SecretKeyFallbacks { get; } = [];

    /// <summary>Django's <c>SESSION_COOKIE_AGE</c>: how long a session that is kept in its cookie holds; one in the
    /// database carries its own end. (default: 14 days)</summary>
    public TimeSpan SessionCookieAge { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Whether the database is a SQLite file.</summary>
    internal bool IsSqlite => NamesFile(ConnectionString);

    /// <summary>Whether it names a database at all.</summary>
    internal bool NamesDatabase => IsSqlite || NamesPostgreSql(ConnectionString);

    private static bool NamesFile(string text)
    {
        try
        {
            return new SqliteConnectionStringBuilder(text).DataSource is { Length: > 0 } file && !file.StartsWith(':');
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static bool NamesPostgreSql(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0, Database.Length: > 0 };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }
}

internal sealed class DjangoOptionsValidator(IConfiguration configuration) : IValidateOptions<DjangoOptions>
{
    public ValidateOptionsResult Validate(string? name, DjangoOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (!options.NamesDatabase)
        {
            // What is wrong in it is not told: it may hold a password.
            result.AddError(
                "ConnectionString must name Django's database: \"Host=localhost;Database=site;Username=…;Password=…\" " +
                "for PostgreSQL, \"Data Source=/srv/site/db.sqlite3\" for a SQLite file.");
        }

        if (string.IsNullOrWhiteSpace(options.SecretKey))
        {
            result.AddError("SecretKey must be Django's SECRET_KEY.");
        }

        if (ListSetting.FindProblem(
            configuration, DjangoOptions.SectionName, nameof(options.SecretKeyFallbacks)) is { } problem)
        {
            result.AddError(problem);
        }

        if (options.SecretKeyFallbacks.Any(string.IsNullOrWhiteSpace))
        {
            result.AddError("SecretKeyFallbacks must not hold an empty key.");
        }

        if (options.SessionCookieAge <= TimeSpan.Zero || options.SessionCookieAge > TimeSpan.FromDays(3_650))
        {
            result.AddError("SessionCookieAge must be more than zero and at most 3650 days.");
        }

        return result.Build();
    }
}
