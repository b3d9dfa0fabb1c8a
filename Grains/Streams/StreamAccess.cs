using NewLoom.Grains.Storage;
using NewLoom.Streams;
using NewLoom.Users;

namespace NewLoom.Grains.Streams;

/// <summary>Changes of one stream's rights: persisted first, then told.</summary>
/// <param name="stream">The stream.</param>
/// <param name="teller">Tells its viewers.</param>
/// <param name="rules">What a stream may be.</param>
/// <param name="store">Where it is persisted.</param>
/// <param name="grains">The way to its users.</param>
/// <param name="endActivation">Lets the next activation read what is stored.</param>
internal sealed class StreamAccess(
    StreamState stream, StreamTeller teller, StreamRules rules, IStreamStore store, IGrainFactory grains,
    Action endActivation)
{
    public static Task<StreamOutcome> Stranger() =>
        Task.FromResult(StreamOutcome.Refused(StreamRefusal.NotAuthorized));

    public async Task<StreamOutcome> GrantAsync(
        string actor, string user, StreamRight right, CancellationToken cancellationToken)
    {
        if (actor != stream.Owner)
        {
            return await Stranger();
        }

        var before = stream.RightsOf(user);
        var after = With(before, right, has: true);
        if (after == before)
        {
            return StreamOutcome.Done;
        }

        var isNew = !before.CanView && !before.CanPublish;
        if (isNew && await rules.RefuseNewAsync(user, stream.UserCount + 1, cancellationToken) is { } refused)
        {
            return refused;
        }

        await StoreAsync(() => store.SetRightsAsync(actor, stream.StreamId, after));
        stream.Set(user, after.CanView, after.CanPublish);
        if (right == StreamRight.View)
        {
            // Whoever asked for it may be gone; the right is stored, and the user hears of it all the same.
            await grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(user))
                .StreamAddedAsync(stream.StreamId, CancellationToken.None);
        }

        return StreamOutcome.Done;
    }

    public async Task<StreamOutcome> RevokeAsync(string actor, string user, StreamRight right)
    {
        if (actor != stream.Owner && (actor != user || !stream.IsKnownTo(user)))
        {
            return await Stranger();
        }

        await SetAsync(actor, stream.RightsOf(user), With(stream.RightsOf(user), right, has: false), newOwner: null);
        return StreamOutcome.Done;
    }

    /// <summary>Takes everything from a user that is deleted.</summary>
    /// <returns>Whether the stream was deleted, because nobody is left.</returns>
    public async Task<bool> ForgetAsync(string actor, string user)
    {
        var newOwner = user == stream.Owner ? stream.EldestBut(user) : null;
        if (user == stream.Owner && newOwner is null)
        {
            await EndAsync(actor);
            return true;
        }

        await SetAsync(
            actor, stream.RightsOf(user), new RightsRecord(user, CanView: false, CanPublish: false), newOwner);
        return false;
    }

    public async Task<StreamOutcome> DeleteAsync(string actor)
    {
        if (actor != stream.Owner)
        {
            return await Stranger();
        }

        await EndAsync(actor);
        return StreamOutcome.Done;
    }

    private static RightsRecord With(RightsRecord rights, StreamRight right, bool has) => right == StreamRight.View
        ? rights with { CanView = has }
        : rights with { CanPublish = has };

    private async Task SetAsync(string actor, RightsRecord before, RightsRecord after, string? newOwner)
    {
        if (before == after && newOwner is null)
        {
            return;
        }

        // Out of memory first: what happens from here on is not for who loses the right.
        var putBack = stream.Set(after.User, after.CanView, after.CanPublish);
        try
        {
            await StoreAsync(() => store.SetRightsAsync(actor, stream.StreamId, after, newOwner));
        }
        catch
        {
            putBack();
            throw;
        }

        stream.Owner = newOwner ?? stream.Owner;
        if (before.CanView && !after.CanView)
        {
            await teller.RemovalAsync(stream.Execution, after.User);
        }
    }

    private async Task EndAsync(string actor)
    {
        await StoreAsync(() => store.DeleteAsync(actor, stream.StreamId));
        stream.Close();
        await teller.RemovalAsync(stream.Execution, user: null);
    }

    private async Task StoreAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (StorageUnavailableException)
        {
            endActivation();    // the change may be stored all the same: the answer of the database was lost
            throw;
        }
    }
}
