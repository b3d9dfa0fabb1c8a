using System.Collections.Immutable;
using NewLoom.Audit;

namespace NewLoom.Grains.Storage;

/// <summary>The record of changes.</summary>
/// <remarks>The other stores record their own changes, each in its transaction. This one is for changes that live in
/// grain state: they are recorded <em>first</em>, so that none can take effect without a record. What is cut short
/// between the two has a record and no effect, and a repeat is recorded again.</remarks>
public interface IAuditStore
{
    /// <summary>Records changes, all or none; durable when it returns.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was recorded.</exception>
    Task AppendAsync(IReadOnlyList<AuditChange> changes);

    /// <summary>Entries ascending by id, from behind <paramref name="after"/>.</summary>
    /// <param name="user">Only those that this user made or that concern it; null for all.</param>
    /// <param name="after">The last entry of the page before; 0 starts at the first.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<AuditEntry>> ReadAsync(
        string? user, long after, int limit, CancellationToken cancellationToken);
}
