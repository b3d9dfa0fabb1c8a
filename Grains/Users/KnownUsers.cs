using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>Tells which users exist.</summary>
internal sealed class KnownUsers(IGrainFactory grains)
{
    /// <summary>Users' grains that are asked at once.</summary>
    private const int AskedCount = 64;

    /// <summary>One of the names that belongs to nobody, or null.</summary>
    public async Task<string?> FindUnknownAsync(IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        if (users.FirstOrDefault(user => !Username.IsValid(user)) is { } malformed)
        {
            return malformed;
        }

        foreach (var part in users.Chunk(AskedCount))
        {
            var created = await Task.WhenAll(part.Select(user =>
                grains.GetGrain<IUserGrain>(UserKeys.ForUser(user)).GetCreatedAtAsync(cancellationToken)));
            if (Array.IndexOf(created, null) is var index and >= 0)
            {
                return part[index];
            }
        }

        return null;
    }
}
