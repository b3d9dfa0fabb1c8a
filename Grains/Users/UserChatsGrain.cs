using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NewLoom.Chats;
using NewLoom.Grains.Chats;
using NewLoom.Grains.Storage;
using NewLoom.Users;
using Orleans.Concurrency;

namespace NewLoom.Grains.Users;

/// <summary>One user's chats: creates new ones, lists them.</summary>
[Reentrant]    // It holds nothing between calls, and a list need not wait for a chat with many members.
internal sealed partial class UserChatsGrain(
    IChatStore store, ChatRules rules, ManySockets sockets, ILogger<UserChatsGrain> logger)
    : Grain, IUserChatsGrain
{
    private string User => UserKeys.UserOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<CreateChatResult> CreateAsync(
        string name, ImmutableArray<string> members, CancellationToken cancellationToken)
    {
        ImmutableArray<string> others = [.. members.Where(member => member != User).Distinct()];
        string[] everybody = [User, .. others];
        var refused = ChatRules.RefuseName(name)
            ?? rules.RefuseCount(everybody.Length)
            ?? await rules.RefuseUnknownAsync(others, cancellationToken)
            ?? await rules.RefuseFullAsync(everybody, cancellationToken);
        if (refused is not null)
        {
            return new CreateChatResult { Refusal = refused.Refusal, Detail = refused.Detail };
        }

        var chatId = await store.CreateAsync(User, null, name, User, others);
        if (await sockets.TellAsync(everybody, user => user.ChatAddedAsync(chatId, name, seq: 0)) is { } failure)
        {
            Log.MembersNotTold(logger, chatId, failure);    // the chat is there, whether they hear of it or not
        }

        return new CreateChatResult { ChatId = chatId };
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<ChatInfo>> ListAsync(long after, int limit, CancellationToken cancellationToken) =>
        store.ListChatsAsync(User, after, limit, cancellationToken);
}
