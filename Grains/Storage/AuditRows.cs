using System.Collections.Immutable;
using System.Data.Common;
using NewLoom.Audit;

namespace NewLoom.Grains.Storage;

/// <summary>The statements on the table of changes.</summary>
internal static class AuditRows
{
    private const string Columns = """id, at, actor, action, "user", chat_id, stream_id, token_id""";

    private const string Insert = """
        INSERT INTO audit (at, actor, action, "user", chat_id, stream_id, token_id)
        VALUES (@at, @actor, @action, @user, @chat, @stream, @token)
        """;

    /// <summary>Records a change in the transaction that makes it.</summary>
    /// <returns>1: the rows that were added.</returns>
    public static int Write(DatabaseSession session, DateTimeOffset at, AuditChange change)
    {
        session.Post(
            Insert,
            ("@at", at.ToUnixTimeMilliseconds()),
            ("@actor", change.Actor),
            ("@action", change.Action),
            ("@user", change.User),
            ("@chat", change.ChatId),
            ("@stream", change.StreamId),
            ("@token", change.TokenId?.ToString()));
        return 1;
    }

    /// <summary>Entries ascending by id.</summary>
    public static ImmutableArray<AuditEntry> Read(DatabaseSession session, long after, int limit) =>
        [.. session.Query(
            $"SELECT {Columns} FROM audit WHERE id > @after ORDER BY id LIMIT @limit",
            Read,
            ("@after", after),
            ("@limit", limit))];

    /// <summary>Entries of changes that the user made or that concern it, ascending by id.</summary>
    /// <remarks>Two pages of two indexes, put together: an OR would sort everything that the user ever did.</remarks>
    public static ImmutableArray<AuditEntry> Read(DatabaseSession session, string user, long after, int limit) =>
        [.. session.Query(
            $"""
            SELECT * FROM
                (SELECT {Columns} FROM audit WHERE "user" = @user AND id > @after ORDER BY id LIMIT @limit) concerning
            UNION
            SELECT * FROM
                (SELECT {Columns} FROM audit WHERE actor = @user AND id > @after ORDER BY id LIMIT @limit) made
            ORDER BY id LIMIT @limit
            """,
            Read,
            ("@user", user),
            ("@after", after),
            ("@limit", limit))];

    private static AuditEntry Read(DbDataReader row) => new()
    {
        EntryId = row.GetInt64(0),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
        Actor = row.GetString(2),
        Action = row.GetString(3),
        User = row.GetString(4),
        ChatId = row.IsDBNull(5) ? null : row.GetInt64(5),
        StreamId = row.IsDBNull(6) ? null : row.GetInt64(6),
        TokenId = row.IsDBNull(7) ? null : Guid.Parse(row.GetString(7)),
    };
}
