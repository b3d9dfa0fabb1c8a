using System.Collections.Immutable;
using NewLoom.Gateways;

namespace NewLoom.Grains.Gateways;

/// <inheritdoc cref="IDataProtectionKeysGrain"/>
internal sealed class DataProtectionKeysGrain(
    [PersistentState("data-protection-keys")] IPersistentState<DataProtectionKeysState> stored)
    : Grain, IDataProtectionKeysGrain
{
    public Task<ImmutableArray<DataProtectionKey>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult(stored.State.Keys);

    public async Task<ImmutableArray<DataProtectionKey>> AddAsync(
        DataProtectionKey key, int knownCount, CancellationToken cancellationToken)
    {
        var before = stored.State;
        if (before.Keys.Length != knownCount)
        {
            return before.Keys;
        }

        stored.State = new DataProtectionKeysState { Keys = before.Keys.Add(key) };
        try
        {
            await stored.WriteStateAsync(cancellationToken);
        }
        catch
        {
            stored.State = before;    // memory must not run ahead of storage
            throw;
        }

        return stored.State.Keys;
    }
}
