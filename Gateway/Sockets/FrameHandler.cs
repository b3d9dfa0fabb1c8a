using System.Diagnostics;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Telemetry;

namespace NewLoom.Gateway.Sockets;

/// <summary>Handles the frames of all sockets: what every kind has in common here, the rest in its session.</summary>
internal sealed class FrameHandler(
    FrameFaults faults, FrameAuthentication authentication, GatewayMetrics metrics, TimeProvider time)
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
        metrics.Received(frame.Kind);
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
                return GatewayTraces.IsOn ? ActTracedAsync(socket, frame) : socket.Session.ActAsync(frame);
        }
    }

    private static async ValueTask<ErrorNotice?> ActTracedAsync(ClientSocket socket, ClientFrame frame)
    {
        using var span = GatewayTraces.StartFrame(socket, frame);
        try
        {
            var error = await socket.Session.ActAsync(frame);
            span?.SetTag("error.type", error?.Code);
            return error;
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e.GetType().Name);
            throw;
        }
    }
}
