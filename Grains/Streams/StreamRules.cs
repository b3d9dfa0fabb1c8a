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
    /// <param name="names">All who get a right, each once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StreamOutcome?> RefuseAsync(
        string name, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        TopicName.FindProblem(name) is { } problem
            ? StreamOutcome.Refused(StreamRefusal.Invalid, problem)
            : await RefuseUsersAsync(names, names.Count, cancellationToken);

    /// <summary>Why a user cannot get its first right on a stream, or null.</summary>
    /// <param name="user">The user.</param>
    /// <param name="userCount">How many users the stream would have.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<StreamOutcome?> RefuseNewAsync(string user, int userCount, CancellationToken cancellationToken) =>
        RefuseUsersAsync([user], userCount, cancellationToken);

    private async Task<StreamOutcome?> RefuseUsersAsync(
        IReadOnlyList<string> names, int userCount, CancellationToken cancellationToken)
    {
        if (userCount > limits.Value.StreamUsers)
        {
            return StreamOutcome.Refused(
                StreamRefusal.LimitReached, $"a stream has at most {limits.Value.StreamUsers} users");
        }

        if (await users.FindUnknownAsync(names, cancellationToken) is { } unknown)
        {
            return StreamOutcome.Refused(StreamRefusal.Invalid, $"there is no user '{unknown}'");
        }

        var full = await store.FindUsersAtLimitAsync(names, limits.Value.Streams, cancellationToken);
        return full.IsEmpty
            ? null
            : StreamOutcome.Refused(
                StreamRefusal.LimitReached, $"'{full[0]}' has rights on {limits.Value.Streams} streams already");
    }
}
