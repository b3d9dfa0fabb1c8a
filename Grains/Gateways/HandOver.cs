using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace NewLoom.Grains.Gateways;

/// <summary>Lets topics of a silo that stops go on elsewhere at once. Orleans alone would end them, and begin each one
/// anew at its next call.</summary>
/// <remarks>A silo that has died, and is not given up yet, may be chosen: calls of such a topic wait until the handover
/// has failed, 5 s at most.</remarks>
internal static class HandOver
{
    /// <summary>Begins it, if the silo stops, somebody listens and there is another silo.</summary>
    /// <remarks>What the activation does before it has ended is done before the next one begins; calls that come
    /// meanwhile are passed on to that.</remarks>
    /// <param name="activation">One that is ending.</param>
    /// <param name="listeners">Who listens to it.</param>
    /// <param name="reason">Why it ends.</param>
    /// <returns>Whether the topic goes on elsewhere: its listeners have to join anew.</returns>
    public static bool Begin(IGrainContext activation, Listeners listeners, DeactivationReason reason)
    {
        if (reason.ReasonCode != DeactivationReasonCode.ShuttingDown || !listeners.HasAny)
        {
            return false;
        }

        var silos = activation.ActivationServices.GetRequiredService<ISiloStatusOracle>();
        var others = silos.GetApproximateSiloStatuses(onlyActive: true).Keys
            .Where(silo => !silo.Equals(silos.SiloAddress)).ToArray();
        if (others.Length == 0)
        {
            return false;
        }

        // Without a hint this silo may be chosen, which takes some milliseconds to say that it stops.
        activation.Migrate(new Dictionary<string, object>
        {
            [IPlacementDirector.PlacementHintKey] = others[Random.Shared.Next(others.Length)],
        });
        return true;
    }
}
