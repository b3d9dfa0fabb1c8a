using System.Collections.Immutable;
using NewLoom.Chats;

namespace NewLoom.Grains.Storage;

/// <summary>The queries on chats and memberships.</summary>
internal static class ChatReads
{
    /// <summary>The chat with its members, or null.</summary>
    public static ChatRecord? Load(DatabaseSession session, long chatId)
    {
        var members = session.Query(
            """SELECT "user", delivered_seq, read_seq FROM chat_members WHERE chat_id = @chat ORDER BY joined""",
            row => new MemberRecord(row.GetString(0), row.GetInt64(1), row.GetInt64(2)),
            ("@chat", chatId));
        return session.Query(
            """
            SELECT name, owner, coalesce(seq, 0), coalesce(timestamp, 0)
            FROM chats
            LEFT JOIN (SELECT seq, timestamp FROM messages WHERE chat_id = @chat ORDER BY seq DESC LIMIT 1) last ON true
            WHERE id = @chat AND deleted_at IS NULL
            """,
            row => new ChatRecord
            {
                Name = row.GetString(0),
                Owner = row.GetString(1),
                LastSeq = row.GetInt64(2),
                LastTimestamp = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                Members = members,
            },
            ("@chat", chatId)).SingleOrDefault();
    }

    /// <summary>The user's chats, ascending by id.</summary>
    public static ImmutableArray<ChatInfo> List(DatabaseSession session, string user, long after, int limit) =>
        [.. session.Query(
            """
            SELECT c.id, c.name, c.owner, m.read_seq, c.member_count,
                coalesce((SELECT max(seq) FROM messages WHERE chat_id = c.id), 0)
            FROM chat_members m JOIN chats c ON c.id = m.chat_id
            WHERE m."user" = @user AND m.chat_id > @after AND c.deleted_at IS NULL
            ORDER BY m.chat_id LIMIT @limit
            """,
            row => new ChatInfo
            {
                ChatId = row.GetInt64(0),
                Name = row.GetString(1),
                Owner = row.GetString(2),
                ReadSeq = row.GetInt64(3),
                MemberCount = row.GetInt32(4),
                Seq = row.GetInt64(5),
            },
            ("@user", user),
            ("@after", after),
            ("@limit", limit))];

    /// <summary>Ids of the user's chats, ascending.</summary>
    public static ImmutableArray<long> ListIds(DatabaseSession session, string user, int limit) =>
        [.. session.Query(
            """
            SELECT m.chat_id FROM chat_members m JOIN chats c ON c.id = m.chat_id
            WHERE m."user" = @user AND c.deleted_at IS NULL ORDER BY m.chat_id LIMIT @limit
            """,
            row => row.GetInt64(0),
            ("@user", user),
            ("@limit", limit))];

    /// <summary>Those of the users who are members of at least <paramref name="limit"/> chats.</summary>
    public static ImmutableArray<string> FindUsersAtLimit(
        DatabaseSession session, IReadOnlyList<string> users, int limit) =>
        [.. users.Where(user => session.Query(
            """SELECT count(*) FROM (SELECT 1 FROM chat_members WHERE "user" = @user LIMIT @limit) found""",
            row => row.GetInt64(0),
            ("@user", user),
            ("@limit", limit)).Single() >= limit)];
}
