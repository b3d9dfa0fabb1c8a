using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Streams;
using NewLoom.Streams;
using NewLoom.Users;
using Orleans.Concurrency;

namespace NewLoom.Grains.Users;

/// <summary>One user's streams: creates new ones, lists them.</summary>
[Reentrant]    // It holds nothing between calls, and a list need not wait for a stream with many users.
internal sealed partial class UserStreamsGrain(
    IStreamStore store, StreamRules rules, ManySockets sockets, ILogger<UserStreamsGrain> logger)
    : Grain, IUserStreamsGrain
{
    private string User => UserKeys.UserOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<CreateStreamResult> CreateAsync(
        string name, ImmutableArray<string> viewers, ImmutableArray<string> publishers,
        CancellationToken cancellationToken)
    {
        var (canView, canPublish) = (viewers.Add(User).ToHashSet(), publishers.Add(User).ToHashSet());
        ImmutableArray<string> others = [.. viewers.Concat(publishers).Where(user => user != User).Distinct()];
        if (await rules.RefuseAsync(name, User, others, cancellationToken) is { } refused)
        {
            return new CreateStreamResult { Refusal = refused.Refusal, Detail = refused.Detail };
        }

        RightsRecord[] rights =
        [
            .. others.Prepend(User)
                .Select(user => new RightsRecord(user, canView.Contains(user), canPublish.Contains(user))),
        ];
        var streamId = await store.CreateAsync(User, null, name, User, rights);
        if (await sockets.TellAsync(canView, user => user.StreamAddedAsync(streamId, default)) is { } failure)
        {
            Log.ViewersNotTold(logger, streamId, failure);
        }

        return new CreateStreamResult { StreamId = streamId };
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<StreamInfo>> ListAsync(long after, int limit, CancellationToken cancellationToken) =>
        store.ListStreamsAsync(User, after, limit, cancellationToken);
}
