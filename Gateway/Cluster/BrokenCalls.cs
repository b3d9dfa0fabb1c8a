using NewLoom.Gateways;
using Orleans.Runtime;

namespace NewLoom.Gateway.Cluster;

/// <summary>Ends calls that nobody will answer, and refuses new ones while no silo is connected, so that a client
/// hears at once that it must try again later.</summary>
/// <remarks>A call that is given up may still be done. <see cref="ISiloDoorGrain"/> is called all the same: that is how
/// the cluster is found again.</remarks>
internal sealed class BrokenCalls(ClusterConnection connection) : IOutgoingGrainCallFilter
{
    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (!connection.IsUp && context.InterfaceMethod.DeclaringType != typeof(ISiloDoorGrain))
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
}
