using System.Reflection;
using NewLoom.Gateways;
using Orleans.Runtime;

namespace NewLoom.Gateway.Cluster;

/// <summary>Ends calls that nobody will answer, and refuses new ones while no silo is connected, so that a client
/// hears at once that it must try again later.</summary>
/// <remarks>A call that is given up may still be done. The lease is renewed all the same: that is how the cluster is
/// found again.</remarks>
internal sealed class BrokenCalls(ClusterConnection connection) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (!connection.IsUp && !IsKnock(context.InterfaceMethod))
        {
            throw new ClusterLostException();
        }

        var broken = connection.Broken;
        try
        {
            await context.Invoke().WaitAsync(broken);
        }
        catch (OperationCanceledException) when (broken.IsCancellationRequested)
        {
            throw connection.IsUp
                ? new SiloUnavailableException("The connection to a silo broke before it answered.")
                : new ClusterLostException();
        }
    }

    private static bool IsKnock(MethodInfo method) =>
        method.DeclaringType == typeof(ISiloDoorGrain)
        && method.Name is nameof(ISiloDoorGrain.RenewAsync) or nameof(ISiloDoorGrain.KnockAsync);
}
