using Orleans.Runtime;

namespace NewLoom.Gateway.Cluster;

/// <summary>Makes calls again that no silo carried out because their grain was about to move, and says of those that
/// Orleans gave up that the cluster is unavailable.</summary>
/// <remarks>A silo that stops ends its grains and then rejects what other silos still send it, for they do not
/// know better until then. The next try goes to where the grain is now; without it, whoever sent a message to a chat at
/// that moment was told to come back in a second. A call that a silo had taken and did not answer is not made
/// again.</remarks>
internal sealed class RejectedCalls(TimeProvider time) : IOutgoingGrainCallFilter
{
    private const int TryCount = 3;

    // The first try again comes at once.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (OrleansMessageRejectionException e) when (e is not SiloUnavailableException && tries < TryCount)
            {
                await Task.Delay(Pause * (tries - 1), time, context.Request.GetCancellationToken());
            }
            catch (OperationCanceledException) when (!context.Request.GetCancellationToken().IsCancellationRequested)
            {
                // Orleans says so of a call that waited too long for a silo that does not answer.
                throw new SiloUnavailableException("The cluster gave the call up before a silo took it.");
            }
        }
    }
}
