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

    /// <summary>Which kind of database Django uses. (default: PostgreSql)</summary>
    public DjangoDatabaseKind Database { get; set; } = DjangoDatabaseKind.PostgreSql;

    /// <summary>Django's database; it is only read.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Django's <c>SECRET_KEY</c>.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>Django's <c>SECRET_KEY_FALLBACKS</c>: former keys, whose sessions still hold. (default: none)</summary>
    public IList<string> SecretKeyFallbacks { get; } = [];

    /// <summary>Django's <c>SESSION_COOKIE_AGE</c>: how long a session that is kept in its cookie holds; one in the
    /// database carries its own end. (default: 14 days)</summary>
    public TimeSpan SessionCookieAge { get; set; } = TimeSpan.FromDays(14);
}

/// <summary>Databases that Django may use.</summary>
public enum DjangoDatabaseKind
{
    /// <summary>PostgreSQL.</summary>
    PostgreSql,

    /// <summary>A SQLite file. Django must store times in UTC: <c>USE_TZ = True</c>.</summary>
    Sqlite,
}

internal sealed class DjangoOptionsValidator : IValidateOptions<DjangoOptions>
{
    public ValidateOptionsResult Validate(string? name, DjangoOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (!Enum.IsDefined(options.Database))
        {
            result.AddError("Database must be PostgreSql or Sqlite.");
        }
        else if (!NamesDatabase(options))
        {
            // What is wrong in it is not told: it may hold a password.
            result.AddError(options.Database == DjangoDatabaseKind.Sqlite
                ? "ConnectionString must name Django's SQLite file, for example \"Data Source=/srv/site/db.sqlite3\"."
                : "ConnectionString must name Django's PostgreSQL database, for example "
                    + "\"Host=localhost;Database=site;Username=newloom;Password=…\".");
        }

        if (string.IsNullOrWhiteSpace(options.SecretKey))
        {
            result.AddError("SecretKey must be Django's SECRET_KEY.");
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

    private static bool NamesDatabase(DjangoOptions options)
    {
        try
        {
            return options.Database == DjangoDatabaseKind.Sqlite
                ? new SqliteConnectionStringBuilder(options.ConnectionString).DataSource is { Length: > 0 } file
                    && !file.StartsWith(':')
                : new NpgsqlConnectionStringBuilder(options.ConnectionString) is { Host.Length: > 0 } database
                    && database.Database is { Length: > 0 };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }
}
