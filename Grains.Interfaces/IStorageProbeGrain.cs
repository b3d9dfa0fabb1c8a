namespace NewLoom;

/// <summary>Says to a gateway in another process whether the cluster's storage takes writes.</summary>
[Alias("newloom.storage-probe")]
public interface IStorageProbeGrain : IGrainWithIntegerKey
{
    /// <summary>Ends when the storage of one silo, which is near the caller, has answered.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be written now.</exception>
    [Alias("probe")]
    Task ProbeAsync(CancellationToken cancellationToken = default);
}
