using System.Collections.Immutable;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;
using NewLoom.Streams;

namespace NewLoom.Gateway.Streams;

/// <summary>One socket's reports on their way: in order for each stream, side by side for different ones.</summary>
/// <remarks>A report waits only for those of the same stream before it, so a publisher of many streams need not wait for
/// a commit each time. Those that come while a stream's last ones are being stored go together in the next call: calls
/// grow by themselves under load. The reader waits while <see cref="WaitingCountMax"/> are under way.</remarks>
internal sealed class ReportLanes(StreamSockets kind, ClientSocket socket)
{
    private const int WaitingCountMax = 1_000;
    private const int CallCountMax = 200;

    private readonly Lock _gate = new();
    private Dictionary<long, Lane>? _lanes;
    private TaskCompletionSource? _room;
    private int _count;

    /// <summary>Ends when all reports so far have been answered; it never fails.</summary>
    public Task Completed
    {
        get
        {
            lock (_gate)
            {
                return _lanes is null ? Task.CompletedTask : Task.WhenAll(_lanes.Values.Select(lane => lane.Running));
            }
        }
    }

    /// <summary>Takes a report; returns when there is room for the next.</summary>
    public Task AddAsync(ReportFrame frame)
    {
        lock (_gate)
        {
            _count++;
            _lanes ??= [];
            if (_lanes.TryGetValue(frame.StreamId, out var lane))
            {
                lane.Waiting.Add(frame);
            }
            else
            {
                _lanes.Add(frame.StreamId, lane = new Lane());
                lane.Waiting.Add(frame);
                lane.Running = RunAsync(frame.StreamId, lane);
            }

            return _count < WaitingCountMax
                ? Task.CompletedTask
                : (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private async Task RunAsync(long streamId, Lane lane)
    {
        while (TakeNext(streamId, lane) is { } frames)
        {
            await SendAsync(streamId, frames);
            Free(frames.Count);
        }
    }

    private List<ReportFrame>? TakeNext(long streamId, Lane lane)
    {
        lock (_gate)
        {
            var waiting = lane.Waiting;
            if (waiting.Count == 0)
            {
                _lanes!.Remove(streamId);
                return null;
            }

            if (waiting.Count <= CallCountMax)
            {
                lane.Waiting = [];
                return waiting;
            }

            lane.Waiting = waiting[CallCountMax..];
            return waiting[..CallCountMax];
        }
    }

    private void Free(int count)
    {
        lock (_gate)
        {
            _count -= count;
            _room?.SetResult();
            _room = null;
        }
    }

    private async Task SendAsync(long streamId, List<ReportFrame> frames)
    {
        try
        {
            var reports = ImmutableArray.CreateBuilder<StreamReport>(frames.Count);
            frames.ForEach(frame => reports.Add(frame.Report));
            var result = await kind.Grains.GetGrain<IStreamGrain>(streamId)
                .ReportAsync(socket.User, reports.MoveToImmutable());
            for (var i = 0; i < frames.Count; i++)
            {
                if (ErrorOf(frames[i], result.Outcomes[i]) is { } error)
                {
                    socket.Refuse(error with { RequestId = frames[i].RequestId });
                }
            }
        }
        catch (Exception e)
        {
            // Whatever it was, it concerns these reports alone, and the lane goes on.
            var error = kind.FrameFaults.Describe(socket, frames[0], e);
            frames.ForEach(frame => socket.Send(error with { RequestId = frame.RequestId }));
        }
    }

    private static ErrorNotice? ErrorOf(ReportFrame frame, StreamOutcome outcome) => outcome.Refusal switch
    {
        StreamRefusal.None => null,
        StreamRefusal.NotAuthorized => frame.About(Errors.NotAuthorizedForStream()),
        StreamRefusal.Finished => frame.About(Errors.Finished),
        _ => frame.About(Errors.InvalidFormat(outcome.Detail ?? "refused")),
    };

    /// <summary>The reports of one stream: those that wait, and the call that is under way.</summary>
    private sealed class Lane
    {
        public List<ReportFrame> Waiting { get; set; } = [];

        public Task Running { get; set; } = Task.CompletedTask;
    }
}
