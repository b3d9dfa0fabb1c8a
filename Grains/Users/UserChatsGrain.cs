using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NewLoom.Chats;
using NewLoom.Grains.Storage;
using NewLoom.Users;
using Orleans.Concurrency;

namespace NewLoom.Grains.Users;

/// <summary>One user's chats: creates new ones, lists them.</summary>
[Reentrant]    // It holds nothing between calls, and a list need not wait for a chat with many members.
internal sealed partial class UserChatsGrain(
    IChatStore store, IOptions<UserLimits> limits, ILogger<UserChatsGrain> logger) : Grain, IUserChatsGrain
{
    private const int ParallelCount = 64;

    private string User => UserKeys.UserOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<CreateChatResult> CreateAsync(
        string name, ImmutableArray<string> members, CancellationToken cancellationToken)
    {
        var others = NewChatRules.OthersOf(User, members);
        if (NewChatRules.Refuse(name, others, limits.Value) is { } refusal)
        {
            return refusal;
        }

        if (await FindUnknownAsync(others, cancellationToken) is { } unknown)
        {
            return NewChatRules.Refused(ChatRefusal.Invalid, $"members: there is no user {unknown}.");
        }

        string[] everybody = [User, .. others];
        var full = await store.FindUsersAtLimitAsync(everybody, limits.Value.Chats, cancellationToken);
        if (!full.IsEmpty)
        {
            return NewChatRules.Refused(
                ChatRefusal.LimitReached, $"members: {full[0]} has {limits.Value.Chats} chats, which is the most.");
        }

        var chatId = await store.CreateAsync(null, name, User, others);
        await TellAsync(chatId, name, everybody);
        return new CreateChatResult { ChatId = chatId };
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<ChatInfo>> ListAsync(long after, int limit, CancellationToken cancellationToken) =>
        store.ListChatsAsync(User, after, limit, cancellationToken);

    private async Task<string?> FindUnknownAsync(ImmutableArray<string> users, CancellationToken cancellationToken)
    {
        foreach (var part in users.Chunk(ParallelCount))
        {
            var created = await Task.WhenAll(part.Select(user =>
                GrainFactory.GetGrain<IUserGrain>(UserKeys.ForUser(user)).GetCreatedAtAsync(cancellationToken)));
            if (Array.IndexOf(created, null) is var index and >= 0)
            {
                return part[index];
            }
        }

        return null;
    }

    /// <summary>Tells the members' sockets; the chat is there, whether they hear of it or not.</summary>
    private async Task TellAsync(long chatId, string name, string[] users)
    {
        foreach (var part in users.Chunk(ParallelCount))
        {
            try
            {
                await Task.WhenAll(part.Select(user => GrainFactory
                    .GetGrain<IUserSocketsGrain>(UserKeys.ForUser(user)).ChatAddedAsync(chatId, name, seq: 0)));
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                Log.MembersNotTold(logger, chatId, e);
            }
        }
    }
}
