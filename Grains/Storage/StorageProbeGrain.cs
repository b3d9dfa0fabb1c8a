using Orleans.Concurrency;

namespace NewLoom.Grains.Storage;

/// <inheritdoc cref="IStorageProbeGrain"/>
[StatelessWorker(maxLocalWorkers: 1), Reentrant]
internal sealed class StorageProbeGrain(IStorageProbe storage) : Grain, IStorageProbeGrain
{
    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => storage.ProbeAsync();
}
