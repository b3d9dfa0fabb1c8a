using System.Collections.Immutable;

namespace NewLoom.Audit;

/// <summary>The record of all changes of users, tokens, memberships and rights, for administrators. There is one such
/// grain, with key 0.</summary>
[Alias("newloom.audit")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>Changes in the order in which they were recorded, from behind <paramref name="after"/>.</summary>
    /// <param name="user">Only those that this user made or that concern it; null for all.</param>
    /// <param name="after">The last entry of the page before; 0 starts at the first.</param>
    /// <param name="limit">At most so many, 1 to 1,001.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("list")]
    Task<ImmutableArray<AuditEntry>> ListAsync(
        string? user, long after, int limit, CancellationToken cancellationToken = default);
}
