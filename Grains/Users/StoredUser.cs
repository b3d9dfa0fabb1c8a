using Orleans.Runtime;

namespace NewLoom.Grains.Users;

/// <summary>One user's state, in memory as it is in storage.</summary>
internal sealed class StoredUser(IPersistentState<UserState> stored)
{
    /// <summary>The state, also of a user that is being deleted or that was never created.</summary>
    public UserState State => stored.State;

    /// <summary>The state of a user that is there, or null.</summary>
    public UserState? Account => State is { CreatedAt: not null, IsDeleting: false } state ? state : null;

    /// <summary>Stores a new state.</summary>
    public async Task WriteAsync(UserState after, CancellationToken cancellationToken)
    {
        var before = stored.State;
        stored.State = after;
        try
        {
            await stored.WriteStateAsync(cancellationToken);
        }
        catch
        {
            stored.State = before;    // memory must not run ahead of storage
            throw;
        }
    }

    /// <summary>Forgets the user.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await stored.ClearStateAsync(cancellationToken);
        stored.State = new UserState();
    }
}
