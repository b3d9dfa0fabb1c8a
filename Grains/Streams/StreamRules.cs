using Microsoft.Extensions.Options;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Users;
using NewLoom.Streams;

namespace NewLoom.Grains.Streams;

/// <summary>What a stream's name and users may be. One for each silo.</summary>
internal sealed class StreamRules(IStreamStore store, KnownUsers users, IOptions<UserLimits> limits)
{
    /// <summary>Why a stream cannot be created so, or null.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="owner">Who creates it.</param>
    /// <param name="others">All others who get a right, each once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StreamOutcome?> RefuseAsync(
        string name, string owner, IReadOnlyList<string> others, CancellationToken cancellationToken) =>
        TopicName.FindProblem(name) is { } problem
            ? StreamOutcome.Refused(StreamRefusal.Invalid, problem)
            : RefuseCount(others.Count + 1)
                ?? await RefuseUnknownAsync(others, cancellationToken)
                ?? await RefuseFullAsync([owner, .. others], cancellationToken);

    /// <summary>Why a user cannot get its first right on a stream, or null.</summary>
    /// <param name="user">The user.</param>
    /// <param name="userCount">How many users the stream would have.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StreamOutcome?> RefuseNewAsync(
        string user, int userCount, CancellationToken cancellationToken) =>
        RefuseCount(userCount)
            ?? await RefuseUnknownAsync([user], cancellationToken)
            ?? await RefuseFullAsync([user], cancellationToken);

    private StreamOutcome? RefuseCount(int userCount) =>
        userCount > limits.Value.StreamUsers
            ? StreamOutcome.Refused(
                StreamRefusal.LimitReached, $"a stream has at most {limits.Value.StreamUsers} users")
            : null;

    private async Task<StreamOutcome?> RefuseUnknownAsync(
        IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        await users.FindUnknownAsync(names, cancellationToken) is { } unknown
            ? StreamOutcome.Refused(StreamRefusal.Invalid, $"there is no user '{unknown}'")
            : null;

    private async Task<StreamOutcome?> RefuseFullAsync(
        IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var full = await store.FindUsersAtLimitAsync(names, limits.Value.Streams, cancellationToken);
        return full.IsEmpty
            ? null
            : StreamOutcome.Refused(
                StreamRefusal.LimitReached, $"'{full[0]}' has rights on {limits.Value.Streams} streams already");
    }
}
