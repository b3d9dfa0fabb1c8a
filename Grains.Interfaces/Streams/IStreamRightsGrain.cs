using System.Collections.Immutable;

namespace NewLoom.Streams;

/// <summary>One stream, as its owner manages it. The key is the stream id.</summary>
/// <remarks>Changes are durable when the call returns, and told to open sockets at once. Repeats are
/// harmless.</remarks>
[Alias("newloom.stream.rights")]
public interface IStreamRightsGrain : IGrainWithIntegerKey
{
    /// <summary>The stream as <paramref name="user"/> sees it, or null when the user is neither its owner nor has a
    /// right on it.</summary>
    [Alias("get")]
    Task<StreamInfo?> GetAsync(string user, CancellationToken cancellationToken = default);

    /// <summary>Usernames with a right, in ordinal order, from behind <paramref name="after"/>; null for somebody who
    /// may not see the stream.</summary>
    /// <param name="user">Who asks: the owner, or a user with a right.</param>
    /// <param name="right">The right.</param>
    /// <param name="after">The last name of the page before; null starts at the first.</param>
    /// <param name="limit">At most so many names, 1 to 1,001.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("list")]
    Task<ImmutableArray<string>?> ListAsync(
        string user, StreamRight right, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Gives an existing user a right; the owner's call.</summary>
    /// <returns>Refused with <see cref="StreamRefusal.Invalid"/> for an unknown user and with
    /// <see cref="StreamRefusal.LimitReached"/> at 100,000 users of the stream or 10,000 streams of the
    /// user.</returns>
    [Alias("grant")]
    Task<StreamOutcome> GrantAsync(
        string actor, string user, StreamRight right, CancellationToken cancellationToken = default);

    /// <summary>Takes a right away; the owner's call, and everybody's own.</summary>
    [Alias("revoke")]
    Task<StreamOutcome> RevokeAsync(
        string actor, string user, StreamRight right, CancellationToken cancellationToken = default);

    /// <summary>Takes both rights and the ownership from a user that is deleted. The ownership passes to whoever has
    /// had a right the longest; when nobody is left, the stream is deleted.</summary>
    /// <param name="actor">Who deletes the user: a username, or a name of <see cref="Audit.Actor"/>.</param>
    /// <param name="user">The user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("forget")]
    Task ForgetAsync(string actor, string user, CancellationToken cancellationToken = default);

    /// <summary>Deletes the stream with its executions; the owner's call.</summary>
    [Alias("delete")]
    Task<StreamOutcome> DeleteAsync(string actor, CancellationToken cancellationToken = default);
}
