using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>Handles the frames of all sockets: what every kind has in common here, the rest in its session.</summary>
internal sealed class FrameHandler(
    FrameFaults faults, FrameAuthentication authentication, TimeProvider time)
{
    /// <summary>Handles one frame. Whatever goes wrong concerns this frame alone.</summary>
    public async Task HandleAsync(ClientSocket socket, FrameReading reading)
    {
        if (socket.FirstFrame is { } first)
        {
            await first.TakeAsync(reading);
            return;
        }

        if (reading.Frame is not { } frame)
        {
            socket.Refuse(reading.Error!);
            return;
        }

        try
        {
            if (await ActAsync(socket, frame) is { } error)
            {
                socket.Refuse(error with { RequestId = frame.RequestId });
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            socket.Send(faults.Describe(socket, frame, e) with { RequestId = frame.RequestId });
        }
    }

    private ValueTask<ErrorNotice?> ActAsync(ClientSocket socket, ClientFrame frame)
    {
        if (socket.Budget.TrySpend(frame.Kind) is { } wait)
        {
            return ValueTask.FromResult<ErrorNotice?>(frame.About(Errors.RateLimited(wait)));
        }

        switch (frame)
        {
            case HeartbeatFrame:
                socket.Send(new HeartbeatReply(time.GetUtcNow()) { RequestId = frame.RequestId });
                return ValueTask.FromResult<ErrorNotice?>(null);
            case DisconnectFrame:
                socket.Close(CloseCode.Normal);
                return ValueTask.FromResult<ErrorNotice?>(null);
            case AuthenticateFrame when !socket.IsExtended:
                return ValueTask.FromResult<ErrorNotice?>(Errors.UnknownType);
            case AuthenticateFrame authenticate:
                return authentication.RenewAsync(socket, authenticate);
            default:
                return socket.Session.ActAsync(frame);
        }
    }
}
