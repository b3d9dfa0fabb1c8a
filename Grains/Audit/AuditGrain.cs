using System.Collections.Immutable;
using NewLoom.Audit;
using NewLoom.Grains.Storage;
using Orleans.Concurrency;

namespace NewLoom.Grains.Audit;

/// <inheritdoc cref="IAuditGrain"/>
[Reentrant]    // It holds nothing between calls.
internal sealed class AuditGrain(IAuditStore store) : Grain, IAuditGrain
{
    /// <inheritdoc/>
    public Task<ImmutableArray<AuditEntry>> ListAsync(
        string? user, long after, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync(user, after, limit, cancellationToken);
}
