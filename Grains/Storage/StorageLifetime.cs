namespace NewLoom.Grains.Storage;

/// <summary>Starts the storage's threads before grains become active and stops them when all have gone.</summary>
internal sealed class StorageLifetime(StorageWriter writer, StorageReaders readers)
    : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(
            nameof(StorageLifetime), ServiceLifecycleStage.RuntimeStorageServices, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        writer.Start();
        readers.Start();
        return Task.CompletedTask;
    }

    // Not cut short: what waits is done within seconds, and somebody waits for it.
    private Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(writer.StopAsync(), readers.StopAsync());
}
