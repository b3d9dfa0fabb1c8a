using System.Text.Json;
using System.Text.Json.Nodes;

namespace NewLoom.Bench.Chaos;

/// <summary>Views one stream; when a socket ends, begins anew with a snapshot on another gateway.</summary>
internal sealed class JobViewer(Topic stream, TopicView view, IReadOnlyList<Uri> gateways, int first)
    : ChaosClient(gateways, first)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);
    private readonly List<JobSight> _sights = [];
    private int _execution;
    private long _processed;
    private string? _fall;

    /// <summary>The stream.</summary>
    public Topic Stream => stream;

    /// <summary>Who views, for complaints.</summary>
    public string Name => view.Name;

    /// <summary>What it has seen, one for each snapshot.</summary>
    public IReadOnlyList<JobSight> Sights => _sights;

    /// <inheritdoc />
    protected override string Path => "/ws/streams/?streams=none";

    /// <inheritdoc />
    protected override async Task<bool> SpeakAsync(JsonSocket socket, CancellationToken cancellationToken)
    {
        try
        {
            return await ViewAsync(socket, cancellationToken);
        }
        finally
        {
            view.StopListening();
        }
    }

    private async Task<bool> ViewAsync(JsonSocket socket, CancellationToken cancellationToken)
    {
        await SubscribeAsync(socket, cancellationToken);
        var asked = Time.GetTimestamp();
        JobSight? sight = null;
        while (true)
        {
            var (isOpen, frame) = await NextAsync(socket, TimeSpan.FromSeconds(1), cancellationToken);
            if (!isOpen)
            {
                return false;
            }

            if (sight is null && Books.Outages.Lateness(asked, Time.GetTimestamp()) > AnswerLimit)
            {
                Books.Complain($"{view.Name} got no answer to 'subscribe' for {AnswerLimit.TotalSeconds} s");
                return false;
            }

            if (frame is not { } came)
            {
                continue;
            }

            switch (came.GetProperty("type").GetString())
            {
                case "snapshot":
                    sight = Begin(came);
                    break;
                case "status_update" when sight is not null:
                    Take(sight, JobEvent.OfStatus(came));
                    break;
                case "error" when sight is not null && came.TryGetProperty("error", out _):
                    Take(sight, JobEvent.OfError(came));
                    break;
                case "execution_stats" when sight is not null:
                    Take(came.GetProperty("stats").GetProperty("processed_count").GetInt64());
                    break;
                case "welcome":
                    break;
                case "error" when RetryAfter(came) is { } wait:
                    Books.Count("answers 'unavailable' to a subscription");
                    await Task.Delay(wait, Time, cancellationToken);
                    await SubscribeAsync(socket, cancellationToken);
                    asked = Time.GetTimestamp();
                    break;
                default:
                    if (await IsSentAwayAsync(came, cancellationToken))
                    {
                        return false;
                    }

                    Books.Complain($"{view.Name} got {came}");
                    break;
            }
        }
    }

    private JobSight Begin(JsonElement snapshot)
    {
        var sight = new JobSight(
            snapshot.GetProperty("version").GetInt64(), snapshot.GetProperty("execution").GetInt32(),
            snapshot.GetProperty("status").GetString()!);
        if (sight.Version < view.LastSeq)
        {
            Books.Complain($"{view.Name} got a snapshot of {sight.Version} after {view.LastSeq}");
        }

        _sights.Add(sight);
        (_execution, _fall) = (sight.Execution, null);
        _processed = snapshot.GetProperty("stats").GetProperty("processed_count").GetInt64();
        view.Take(sight.Version);
        view.Listen();
        return sight;
    }

    private void Take(JobSight sight, JobEvent item)
    {
        sight.Events.Add(item);
        if (item.Status is { } status && JobStatuses.IsTerminal(status))
        {
            _fall = null;    // final counters are those that are stored
        }

        ComplainOfFall();
        if (item.Status is not null && item.Execution != _execution)
        {
            (_execution, _processed) = (item.Execution, 0);
        }

        view.Take(view.LastSeq + 1);
    }

    private void Take(long processed)
    {
        ComplainOfFall();
        if (processed < _processed)
        {
            _fall = $"{view.Name} saw {processed} processed after {_processed}, in execution {_execution}";
        }

        _processed = processed;
    }

    private void ComplainOfFall()
    {
        if (_fall is { } fall)
        {
            Books.Complain(fall);
            _fall = null;
        }
    }

    private Task SubscribeAsync(JsonSocket socket, CancellationToken cancellationToken) => socket.SendAsync(
        new JsonObject
        {
            ["type"] = "subscribe",
            ["streams"] = new JsonArray(new JsonObject { ["stream_id"] = stream.Id }),
        },
        cancellationToken);
}

/// <summary>What a viewer saw on one socket: a snapshot, and all that came after it.</summary>
internal sealed record JobSight(long Version, int Execution, string Status)
{
    /// <summary>Statuses and errors, in order.</summary>
    public List<JobEvent> Events { get; } = [];
}
