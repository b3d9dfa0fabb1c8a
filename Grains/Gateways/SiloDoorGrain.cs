using NewLoom.Gateways;
using Orleans.Concurrency;

namespace NewLoom.Grains.Gateways;

/// <inheritdoc cref="ISiloDoorGrain" />
/// <remarks>A stateless worker is local to each silo, and Orleans' client sends calls to one over all silos in turn,
/// instead of over the one that it has once chosen for a grain.</remarks>
[StatelessWorker(1)]
internal sealed class SiloDoorGrain : Grain, ISiloDoorGrain
{
    public Task KnockAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
