using NewLoom.Bench.Rooms;
using NewLoom.Bench.Sockets;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Deliveries;

/// <summary>Sends a run's messages when they are due, to the rooms in turn, from the members in turn.</summary>
public sealed class MessageSender(
    RoomLayout layout,
    IReadOnlyList<SocketTarget> targets,
    IReadOnlyList<BenchSocket> sockets,
    MonotonicClock clock,
    int contentBytes)
{
    /// <summary>Sends everything; a message that nobody in its room can send any more is left out.</summary>
    /// <returns>How late the sending was, for each message.</returns>
    public Task<LatencyHistogram> SendAsync(int run, SendSchedule schedule, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => Send(run, schedule, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,    // a thread of its own: it blocks between two messages
            TaskScheduler.Default);

    private LatencyHistogram Send(int run, SendSchedule schedule, CancellationToken cancellationToken)
    {
        var lag = new LatencyHistogram();
        var content = new byte[contentBytes];
        for (var message = 0; message < schedule.Messages; message++)
        {
            var due = schedule.DueNanoseconds(message);
            while (due > clock.Nanoseconds)
            {
                PreciseWait.Wait(due - clock.Nanoseconds, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
            }

            var room = message % layout.Rooms;
            var sequence = message / layout.Rooms;
            lag.Add((clock.Nanoseconds - due) / 1000);
            new Marker(run, room, sequence, due).Write(content);
            SendTo(room, sequence, content);
        }

        return lag;
    }

    private void SendTo(int room, int sequence, byte[] content)
    {
        var first = layout.SenderOf(room, sequence);
        var frame = MessageFrame.Send(targets[layout.SocketOf(room, first)].ChatId, content);
        for (var k = 0; k < layout.Members; k++)
        {
            var socket = layout.SocketOf(room, (first + k) % layout.Members);
            if (sockets[socket].TrySend(frame))
            {
                return;
            }
        }
    }
}
