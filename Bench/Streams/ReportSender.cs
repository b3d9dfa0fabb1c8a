using NewLoom.Bench.Deliveries;
using NewLoom.Bench.Sockets;
using NewLoom.Bench.Timing;

namespace NewLoom.Bench.Streams;

/// <summary>Sends a plan's reports when they are due.</summary>
public sealed class ReportSender(
    StreamLayout layout, IReadOnlyList<long> streamIds, IReadOnlyList<BenchSocket> publishers, MonotonicClock clock)
{
    /// <summary>Sends everything.</summary>
    /// <returns>How late the sending was, for each report.</returns>
    public Task<LatencyHistogram> SendAsync(
        ReportPlan plan, SendSchedule schedule, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => Send(plan, schedule, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,    // a thread of its own: it blocks between two reports
            TaskScheduler.Default);

    private LatencyHistogram Send(ReportPlan plan, SendSchedule schedule, CancellationToken cancellationToken)
    {
        var lag = new LatencyHistogram();
        for (var i = 0; i < schedule.Messages; i++)
        {
            var due = schedule.DueNanoseconds(i);
            while (due > clock.Nanoseconds)
            {
                PreciseWait.Wait(due - clock.Nanoseconds, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
            }

            lag.Add((clock.Nanoseconds - due) / 1000);
            Send(plan, stream: i % layout.Streams, report: i / layout.Streams);
        }

        return lag;
    }

    private void Send(ReportPlan plan, int stream, int report)
    {
        var (streamId, socket) = (streamIds[stream], publishers[layout.PublisherOf(stream)]);
        if (!plan.SendsStats)
        {
            socket.TrySend(ReportFrame.Status(streamId, ReportPlan.StatusOf(report)));
            return;
        }

        if (report == 0)
        {
            socket.TrySend(ReportFrame.Status(streamId, "running"));
        }

        for (var error = plan.ErrorsBefore(report); error < plan.ErrorsBefore(report + 1); error++)
        {
            socket.TrySend(ReportFrame.Error(streamId, error));
        }

        socket.TrySend(ReportFrame.Stats(streamId, report + 1));
        if (report == plan.Reports - 1)
        {
            socket.TrySend(ReportFrame.Status(streamId, "completed"));
        }
    }
}
