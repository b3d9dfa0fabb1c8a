using Orleans.Runtime;
using Orleans.Storage;

namespace NewLoom.Grains.Storage.PostgreSql;

/// <summary>Orleans' grain storage, whose failures mean to callers what those of the other stores mean.</summary>
internal sealed class OutageGrainStorage(AdoNetGrainStorage storage) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => storage.Participate(lifecycle);

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        TryAsync(() => storage.ReadStateAsync(stateName, grainId, grainState));

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        TryAsync(() => storage.WriteStateAsync(stateName, grainId, grainState));

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        TryAsync(() => storage.ClearStateAsync(stateName, grainId, grainState));

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (PostgreSqlErrors.IsOutage(e))
        {
            // Without the cause: a driver's exception cannot be sent to another process.
            throw new StorageUnavailableException($"The database cannot be used now: {e.Message}");
        }
    }
}
