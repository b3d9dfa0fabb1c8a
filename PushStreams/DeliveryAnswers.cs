using Orleans;

namespace NewLoom.PushStreams;

/// <summary>Waits for a client's answer to a delivery no longer than <see cref="PushStreamOptions.AnswerLimit"/>; the
/// delivery is then tried again.</summary>
/// <remarks>
/// Orleans' client sends the answer to a silo's stream agent over any of its silos in turn. While the network between
/// one of those and the agent's silo is cut, that share of the answers is lost, though the deliveries arrive: each one
/// would hold up the client's stream for as long as a grain call may take.
/// </remarks>
internal sealed class DeliveryAnswers(TimeSpan limit) : IOutgoingGrainCallFilter
{
    // The interface is Orleans' own and internal.
    private const string Consumer = "Orleans.Streams.IStreamConsumerExtension";
    private const string Deliver = "DeliverBatch";

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        var call = context.Invoke();
        return !call.IsCompleted && context.MethodName == Deliver && context.InterfaceName == Consumer
            ? call.WaitAsync(limit)
            : call;
    }
}
