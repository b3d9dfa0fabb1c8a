namespace NewLoom.Grains.Storage;

/// <summary>Asks this silo's storage whether it takes writes.</summary>
public interface IStorageProbe
{
    /// <summary>Ends when a transaction, which changes nothing, has been committed behind the writes that wait.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be written now.</exception>
    Task ProbeAsync();
}

/// <inheritdoc/>
internal sealed class StorageProbe(StorageWriter writer) : IStorageProbe
{
    /// <inheritdoc/>
    public Task ProbeAsync() => writer.WriteAsync(new Nothing());

    private sealed class Nothing : StorageWrite<bool>
    {
        protected override bool Run(DatabaseSession session, BatchTails tails) => true;
    }
}
