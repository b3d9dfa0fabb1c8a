using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Turns what went wrong with a frame into what its sender is told, and into a line of the log.</summary>
internal sealed partial class FrameFaults(ILogger<FrameFaults> logger)
{
    /// <summary>The error for a frame whose handling threw: try again later, or a bug.</summary>
    public ErrorNotice Describe(ClientSocket socket, ClientFrame frame, Exception fault)
    {
        if (Faults.IsUnavailable(fault))
        {
            if (!Faults.IsKnown(fault))
            {
                Log.Unavailable(logger, socket.ConnectionId, frame.GetType().Name, fault.Message);
            }

            return frame.About(Errors.Unavailable(Faults.RetryAfter));
        }

        var correlationId = Guid.NewGuid().ToString("N");
        Log.Failed(logger, correlationId, socket.ConnectionId, frame.GetType().Name, fault);
        return frame.About(Errors.Internal(correlationId));
    }
}
