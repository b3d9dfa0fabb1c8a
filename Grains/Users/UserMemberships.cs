using NewLoom.Chats;
using NewLoom.Grains.Storage;

namespace NewLoom.Grains.Users;

/// <summary>Takes a user out of all its chats.</summary>
internal sealed class UserMemberships(IChatStore store, IGrainFactory grains)
{
    private const int PageCount = 10_000;
    private const int ParallelCount = 32;

    /// <summary>Ends all memberships; a call that was cut short goes on where the last one stopped.</summary>
    public async Task EndAllAsync(string user, CancellationToken cancellationToken)
    {
        long[] before = [];
        while (true)
        {
            var chatIds = await store.ListChatIdsAsync(user, PageCount, cancellationToken);
            if (chatIds.IsEmpty || chatIds.SequenceEqual(before))
            {
                return;    // none left, or a chat that does not know its member: asking for ever would not help
            }

            foreach (var part in chatIds.Chunk(ParallelCount))
            {
                await Task.WhenAll(part.Select(chatId => grains.GetGrain<IChatMembersGrain>(chatId)
                    .RemoveAsync(user, user, cancellationToken)));
            }

            before = [.. chatIds];
        }
    }
}
