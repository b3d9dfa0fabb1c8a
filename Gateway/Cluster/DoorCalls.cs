using NewLoom.Gateways;
using Orleans.Runtime;

namespace NewLoom.Gateway.Cluster;

/// <summary>Asks grains over the silos' doors, and over another one when no answer comes soon.</summary>
/// <remarks>While the network between silos is cut, only some of them find the way to a grain: those that reach both it
/// and the silo whose part of Orleans' directory knows where it is. What goes into the cut is answered by nothing, at
/// first; one question after the other would outlast the 15 s for which no socket may be deaf. For what may be asked
/// twice.</remarks>
internal sealed class DoorCalls(IGrainFactory grains, TimeProvider time)
{
    // Short at first, for the way may be cut; then as long as a busy cluster may need.
    private static readonly TimeSpan[] AnswerMax =
        [.. new[] { 1, 1, 1, 2, 5 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    /// <summary>For references to the grains that are asked about.</summary>
    public IGrainFactory Grains => grains;

    /// <summary>Asks until a silo answers, five times at most.</summary>
    /// <exception cref="TimeoutException">None did; or what else the last one failed with.</exception>
    public async Task<T> AskAsync<T>(Func<ISiloDoorGrain, Task<T>> ask, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await ask(grains.GetGrain<ISiloDoorGrain>(0))
                    .WaitAsync(AnswerMax[tries], time, cancellationToken);
            }
            catch (Exception e) when (IsLost(e) && tries < AnswerMax.Length - 1)
            {
                // The next one goes over another silo.
            }
        }
    }

    private static bool IsLost(Exception e) => e is TimeoutException or (OrleansException and not ClusterLostException);
}
