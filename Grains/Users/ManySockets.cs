using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>Tells the sockets of many users.</summary>
internal sealed class ManySockets(IGrainFactory grains)
{
    /// <summary>Users' grains that are told at once.</summary>
    private const int ParallelCount = 64;

    /// <summary>Tells all of them, whether some fail or not.</summary>
    /// <returns>Why some were not told, or null.</returns>
    public async Task<Exception?> TellAsync(IEnumerable<string> users, Func<IUserSocketsGrain, Task> tell)
    {
        Exception? failure = null;
        foreach (var part in users.Chunk(ParallelCount))
        {
            try
            {
                await Task.WhenAll(part.Select(user =>
                    tell(grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(user)))));
            }
            catch (Exception e) when (e is OrleansException or TimeoutException)
            {
                failure = e;
            }
        }

        return failure;
    }
}
