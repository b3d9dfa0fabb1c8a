using System.Collections.Concurrent;
using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Grains.Storage;

namespace NewLoom.Tests.Users;

/// <summary>Chats in memory, as far as the user grains ask for them.</summary>
internal sealed class FakeChatStore : IChatStore
{
    private readonly ConcurrentDictionary<long, (string Name, ImmutableArray<string> Members)> _chats = new();
    private long _lastId = 999;

    public Task<long> CreateAsync(
        string actor, long? chatId, string name, string owner, IReadOnlyList<string> members)
    {
        var id = chatId ?? Interlocked.Increment(ref _lastId);
        _chats[id] = (name, [owner, .. members]);
        return Task.FromResult(id);
    }

    public Task RemoveMemberAsync(string actor, long chatId, string user, string? newOwner)
    {
        var (name, members) = _chats[chatId];
        _chats[chatId] = (name, members.Remove(user));
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<ChatInfo>> ListChatsAsync(
        string user, long after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<ChatInfo>>(
            [.. ChatsOf(user).Where(id => id > after).Take(limit).Select(Describe)]);

    public Task<ImmutableArray<long>> ListChatIdsAsync(string user, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<long>>([.. ChatsOf(user).Take(limit)]);

    public Task<ImmutableArray<string>> FindUsersAtLimitAsync(
        IReadOnlyList<string> users, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<string>>([.. users.Where(user => ChatsOf(user).Count() >= limit)]);

    public Task<ChatRecord?> LoadAsync(long chatId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RenameAsync(long chatId, string name) => throw new NotSupportedException();

    public Task DeleteAsync(string actor, long chatId) => throw new NotSupportedException();

    public Task AddMemberAsync(string actor, long chatId, string user) => throw new NotSupportedException();

    public Task MoveMarksAsync(long chatId, string user, long deliveredSeq, long readSeq) =>
        throw new NotSupportedException();

    private IEnumerable<long> ChatsOf(string user) =>
        _chats.Where(chat => chat.Value.Members.Contains(user)).Select(chat => chat.Key).Order();

    private ChatInfo Describe(long id) => new()
    {
        ChatId = id,
        Name = _chats[id].Name,
        Owner = _chats[id].Members[0],
        Seq = 0,
        ReadSeq = 0,
        MemberCount = _chats[id].Members.Length,
    };
}
