using System.Collections.Immutable;
using NewLoom.Chats;

namespace NewLoom.Grains.Storage;

/// <summary>Chats and memberships in a SQLite file.</summary>
/// <remarks>A write to a chat that is not there changes nothing.</remarks>
internal sealed class SqliteChatStore(SqliteWriter writer, SqliteReaders readers, TimeProvider time) : IChatStore
{
    private const string InsertMember = """
        INSERT INTO chat_members (chat_id, user)
        SELECT id, @user FROM chats WHERE id = @chat
        ON CONFLICT (chat_id, user) DO NOTHING
        """;

    /// <inheritdoc/>
    public Task<ChatRecord?> LoadAsync(long chatId, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => ChatReads.Load(session, chatId), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is a chat with this id.</exception>
    public Task<long> CreateAsync(long? chatId, string name, string owner, IReadOnlyList<string> members)
    {
        var createdAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        return writer.WriteAsync(new SqliteStatements<long>(session =>
        {
            var id = InsertChat(session, chatId, name, owner, createdAt);
            session.Execute(InsertMember, ("@chat", id), ("@user", owner));
            foreach (var member in members)
            {
                session.Execute(InsertMember, ("@chat", id), ("@user", member));
            }

            return id;
        }));
    }

    /// <inheritdoc/>
    public Task RenameAsync(long chatId, string name) =>
        WriteAsync(session => session.Execute(
            "UPDATE chats SET name = @name WHERE id = @chat", ("@name", name), ("@chat", chatId)));

    /// <inheritdoc/>
    public Task DeleteAsync(long chatId) =>
        WriteAsync(session => session.Execute("DELETE FROM chats WHERE id = @chat", ("@chat", chatId)));

    /// <inheritdoc/>
    public Task AddMemberAsync(long chatId, string user) =>
        WriteAsync(session => session.Execute(InsertMember, ("@chat", chatId), ("@user", user)));

    /// <inheritdoc/>
    public Task RemoveMemberAsync(long chatId, string user, string? newOwner) =>
        WriteAsync(session =>
        {
            if (newOwner is not null)
            {
                session.Execute(
                    "UPDATE chats SET owner = @owner WHERE id = @chat", ("@owner", newOwner), ("@chat", chatId));
            }

            return session.Execute(
                "DELETE FROM chat_members WHERE chat_id = @chat AND user = @user", ("@chat", chatId), ("@user", user));
        });

    /// <inheritdoc/>
    public Task MoveMarksAsync(long chatId, string user, long deliveredSeq, long readSeq) =>
        WriteAsync(session => session.Execute(
            """
            UPDATE chat_members
            SET delivered_seq = max(delivered_seq, @delivered), read_seq = max(read_seq, @read)
            WHERE chat_id = @chat AND user = @user
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

    private static long InsertChat(SqliteSession session, long? chatId, string name, string owner, long createdAt)
    {
        var added = session.Execute(
            """
            INSERT INTO chats (id, name, owner, created_at) VALUES (@chat, @name, @owner, @created)
            ON CONFLICT (id) DO NOTHING
            """,
            ("@chat", chatId),
            ("@name", name),
            ("@owner", owner),
            ("@created", createdAt));
        return added == 1
            ? session.LastInsertId
            : throw new InvalidOperationException($"There is a chat {chatId} already.");
    }

    private Task<int> WriteAsync(Func<SqliteSession, int> run) => writer.WriteAsync(new SqliteStatements<int>(run));
}
