using System.Collections.Immutable;
using NewLoom.Audit;

namespace NewLoom.Grains.Storage;

/// <summary>The record of changes in its table.</summary>
internal sealed class AuditStore(StorageWriter writer, StorageReaders readers, TimeProvider time) : IAuditStore
{
    /// <inheritdoc/>
    public Task AppendAsync(IReadOnlyList<AuditChange> changes)
    {
        if (changes.Count == 0)
        {
            return Task.CompletedTask;
        }

        var now = time.GetUtcNow();
        return writer.WriteAsync(new StorageStatements<int>(session =>
        {
            foreach (var change in changes)
            {
                AuditRows.Write(session, now, change);
            }

            return changes.Count;
        }));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<AuditEntry>> ReadAsync(
        string? user, long after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session => user is null
                ? AuditRows.Read(session, after, limit)
                : AuditRows.Read(session, user, after, limit),
            cancellationToken);
}
