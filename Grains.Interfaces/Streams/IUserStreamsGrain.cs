using System.Collections.Immutable;

namespace NewLoom.Streams;

/// <summary>The streams of one user. The key is <see cref="Users.UserKeys.ForUser"/>.</summary>
[Alias("newloom.user.streams")]
public interface IUserStreamsGrain : IGrainWithStringKey
{
    /// <summary>Creates a stream that this user owns, views and publishes.</summary>
    /// <param name="name">1 to 200 characters.</param>
    /// <param name="viewers">Usernames beside the owner; repeats are ignored.</param>
    /// <param name="publishers">Usernames beside the owner; repeats are ignored.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The new stream's id, or the reason it was refused.</returns>
    [Alias("create")]
    Task<CreateStreamResult> CreateAsync(
        string name, ImmutableArray<string> viewers, ImmutableArray<string> publishers,
        CancellationToken cancellationToken = default);

    /// <summary>The streams that the user owns or has a right on, ascending by id, from behind
    /// <paramref name="after"/>.</summary>
    /// <param name="after">The last id of the page before; 0 starts at the first.</param>
    /// <param name="limit">At most so many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("list")]
    Task<ImmutableArray<StreamInfo>> ListAsync(long after, int limit, CancellationToken cancellationToken = default);
}
