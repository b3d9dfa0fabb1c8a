using System.Text.RegularExpressions;

namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>The little in which our statements differ from PostgreSQL's.</summary>
internal static partial class PostgreSqlDialect
{
    /// <summary>Puts a statement into PostgreSQL's words, with parameters by place: Npgsql would look for their names
    /// at every call.</summary>
    public static string Translate(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var names = new List<string>();
        foreach (var (name, _) in parameters)
        {
            names.Add(name);
        }

        // The planner here needs no hint.
        var text = sql
            .Replace(" INDEXED BY stream_errors", "", StringComparison.Ordinal)
            .Replace(
                "json_each(@users)",
                "json_array_elements_text(@users::json) WITH ORDINALITY AS each (value, key)",
                StringComparison.Ordinal);
        return ParameterNames().Replace(text, match => $"${names.IndexOf(match.Value) + 1}");
    }

    [GeneratedRegex(@"@\w+")]
    private static partial Regex ParameterNames();
}
