using System.Collections.Immutable;
using System.Text.Json;
using NewLoom.Audit;
using NewLoom.Chats;

namespace NewLoom.Grains.Storage;

/// <summary>Chats and memberships in their tables.</summary>
/// <remarks>A write to a chat that is not there changes nothing.</remarks>
internal sealed class ChatStore(StorageWriter writer, StorageReaders readers, TimeProvider time) : IChatStore
{
    private const string InsertMember = """
        INSERT INTO chat_members (chat_id, "user")
        SELECT id, @user FROM chats WHERE id = @chat AND deleted_at IS NULL
        ON CONFLICT (chat_id, "user") DO NOTHING
        """;

    // One statement, however many they are: each would be a round trip to a database server.
    private const string InsertMembers = """
        INSERT INTO chat_members (chat_id, "user")
        SELECT @chat, value FROM json_each(@users) WHERE true ORDER BY key
        ON CONFLICT (chat_id, "user") DO NOTHING
        RETURNING "user"
        """;

    /// <inheritdoc/>
    public Task<ChatRecord?> LoadAsync(long chatId, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ChatReads.Load(session, chatId), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is a chat with this id.</exception>
    public Task<long> CreateAsync(
        string actor, long? chatId, string name, string owner, IReadOnlyList<string> members)
    {
        var now = time.GetUtcNow();
        return writer.WriteAsync(new StorageStatements<long>(session =>
        {
            var id = InsertChat(session, chatId, name, owner, now.ToUnixTimeMilliseconds());
            session.Post(InsertMember, ("@chat", id), ("@user", owner));
            Record(session, now, AuditAction.ChatCreated, actor, id, owner);
            AddMembers(session, now, actor, id, members);

            return id;
        }));
    }

    /// <inheritdoc/>
    public Task RenameAsync(long chatId, string name) =>
        writer.WriteAsync(new StorageStatement(
            "UPDATE chats SET name = @name WHERE id = @chat", ("@name", name), ("@chat", chatId)));

    /// <inheritdoc/>
    public Task DeleteAsync(string actor, long chatId)
    {
        var now = time.GetUtcNow();
        return WriteAsync(session =>
        {
            var owner = TopicDeletion.Chats.Hide(session, chatId, now);
            return owner is not null ? Record(session, now, AuditAction.ChatDeleted, actor, chatId, owner) : 0;
        });
    }

    /// <inheritdoc/>
    public Task AddMemberAsync(string actor, long chatId, string user)
    {
        var now = time.GetUtcNow();
        return WriteAsync(session => AddMember(session, now, actor, chatId, user));
    }

    /// <inheritdoc/>
    public Task RemoveMemberAsync(string actor, long chatId, string user, string? newOwner)
    {
        var now = time.GetUtcNow();
        return WriteAsync(session =>
        {
            var count = session.Execute(
                """DELETE FROM chat_members WHERE chat_id = @chat AND "user" = @user""",
                ("@chat", chatId),
                ("@user", user));
            if (count > 0)
            {
                Record(session, now, AuditAction.ChatMemberRemoved, actor, chatId, user);
            }

            return newOwner is not null ? SetOwner(session, now, actor, chatId, newOwner) : 0;
        });
    }

    /// <inheritdoc/>
    public Task MoveMarksAsync(long chatId, string user, long deliveredSeq, long readSeq) =>
        writer.WriteAsync(new StorageStatement(
            """
            UPDATE chat_members
            SET delivered_seq = greatest(delivered_seq, @delivered), read_seq = greatest(read_seq, @read)
            WHERE chat_id = @chat AND "user" = @user
            """,
            ("@delivered", deliveredSeq),
            ("@read", readSeq),
            ("@chat", chatId),
            ("@user", user)));

    /// <inheritdoc/>
    public Task<ImmutableArray<ChatInfo>> ListChatsAsync(
        string user, long after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ChatReads.List(session, user, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<long>> ListChatIdsAsync(string user, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ChatReads.ListIds(session, user, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> FindUsersAtLimitAsync(
        IReadOnlyList<string> users, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ChatReads.FindUsersAtLimit(session, users, limit), cancellationToken);

    private static long InsertChat(DatabaseSession session, long? chatId, string name, string owner, long createdAt)
    {
        if (chatId is { } wanted)
        {
            TopicDeletion.Chats.Finish(session, wanted);
        }

        // A database server counts its ids on only where none is given.
        var id = chatId is null
            ? session.Insert(
                "INSERT INTO chats (name, owner, created_at) VALUES (@name, @owner, @created)",
                ("@name", name),
                ("@owner", owner),
                ("@created", createdAt))
            : session.Insert(
                """
                INSERT INTO chats (id, name, owner, created_at) VALUES (@chat, @name, @owner, @created)
                ON CONFLICT (id) DO NOTHING
                """,
                ("@chat", chatId),
                ("@name", name),
                ("@owner", owner),
                ("@created", createdAt));
        return id ?? throw new InvalidOperationException($"There is a chat {chatId} already.");
    }

    private static void AddMembers(
        DatabaseSession session, DateTimeOffset now, string actor, long chatId, IReadOnlyList<string> users)
    {
        if (users.Count == 0)
        {
            return;
        }

        var added = session.Query(
            InsertMembers,
            row => row.GetString(0),
            ("@chat", chatId),
            ("@users", JsonSerializer.Serialize(users)));
        foreach (var user in added)
        {
            Record(session, now, AuditAction.ChatMemberAdded, actor, chatId, user);
        }
    }

    private static int AddMember(DatabaseSession session, DateTimeOffset now, string actor, long chatId, string user)
    {
        var count = session.Execute(InsertMember, ("@chat", chatId), ("@user", user));
        return count > 0 ? Record(session, now, AuditAction.ChatMemberAdded, actor, chatId, user) : 0;
    }

    private static int SetOwner(DatabaseSession session, DateTimeOffset now, string actor, long chatId, string owner)
    {
        var count = session.Execute(
            "UPDATE chats SET owner = @owner WHERE id = @chat AND owner <> @owner AND deleted_at IS NULL",
            ("@owner", owner),
            ("@chat", chatId));
        return count > 0 ? Record(session, now, AuditAction.ChatOwnerChanged, actor, chatId, owner) : 0;
    }

    private static int Record(
        DatabaseSession session, DateTimeOffset now, string action, string actor, long chatId, string user) =>
        AuditRows.Write(session, now, new AuditChange(actor, action, user) { ChatId = chatId });

    private Task<int> WriteAsync(Func<DatabaseSession, int> run) => writer.WriteAsync(new StorageStatements<int>(run));
}
