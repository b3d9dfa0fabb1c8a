using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Grains.Storage;
using NewLoom.Streams;

namespace NewLoom.Grains.Users;

/// <summary>Takes a user out of all its chats and streams.</summary>
internal sealed class UserMemberships(IChatStore chats, IStreamStore streams, IGrainFactory grains)
{
    private const int PageCount = 10_000;
    private const int ParallelCount = 32;

    /// <summary>Ends everything; a call that was cut short goes on where the last one stopped.</summary>
    public async Task EndAllAsync(string actor, string user, CancellationToken cancellationToken)
    {
        await EndAllAsync(
            () => chats.ListChatIdsAsync(user, PageCount, cancellationToken),
            chatId => grains.GetGrain<IChatMembersGrain>(chatId).ForgetAsync(actor, user, cancellationToken));
        await EndAllAsync(
            async () =>
            [
                .. (await streams.ListStreamsAsync(user, after: 0, PageCount, cancellationToken))
                    .Select(stream => stream.StreamId),
            ],
            streamId => grains.GetGrain<IStreamRightsGrain>(streamId).ForgetAsync(actor, user, cancellationToken));
    }

    private static async Task EndAllAsync(Func<Task<ImmutableArray<long>>> list, Func<long, Task> end)
    {
        long[] before = [];
        while (true)
        {
            var ids = await list();
            if (ids.IsEmpty || ids.SequenceEqual(before))
            {
                return;    // none left, or one that does not know its user: asking for ever would not help
            }

            foreach (var part in ids.Chunk(ParallelCount))
            {
                await Task.WhenAll(part.Select(end));
            }

            before = [.. ids];
        }
    }
}
