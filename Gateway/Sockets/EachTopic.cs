using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Does what a <c>subscribe</c> frame asks for each topic that it names: one refused frame, however many of
/// them are refused.</summary>
internal static class EachTopic
{
    /// <summary>Subscribes to one after the other; a fault concerns one topic alone.</summary>
    /// <returns>The last refusal, when it is the last topic's; those before have been sent.</returns>
    public static async Task<ErrorNotice?> SubscribeAsync<T>(
        ClientSocket socket, ClientFrame frame, IEnumerable<T> topics, FrameFaults faults,
        Func<T, Task<bool>> subscribe, Func<T, ErrorNotice> refuse, Func<T, ErrorNotice, ErrorNotice> about)
    {
        ErrorNotice? last = null;
        foreach (var topic in topics)
        {
            if (last is not null)
            {
                socket.Send(last with { RequestId = frame.RequestId });
                last = null;
            }

            if (socket.IsClosing)
            {
                break;
            }

            try
            {
                last = await subscribe(topic) ? null : refuse(topic);
            }
            catch (Exception e) when (Gateway.Faults.IsUnavailable(e))
            {
                last = about(topic, faults.Describe(socket, frame, e));
            }
        }

        return last;
    }
}
