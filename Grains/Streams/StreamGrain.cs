using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using NewLoom.Gateways;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Streams;
using Orleans.Runtime;

namespace NewLoom.Grains.Streams;

/// <summary>One stream: takes reports, keeps its state honest, tells the viewers.</summary>
/// <remarks>One call after the other, but those of gateways come in between: what they read changes at once when a write
/// has succeeded, and events carry their places. So a snapshot and the events after it fit together.</remarks>
internal sealed partial class StreamGrain(
    IStreamStore store, StatsWriter statsWriter, StreamRules rules, IGatewayPublisher publisher, TimeProvider time,
    ILogger<StreamGrain> logger)
    : Grain, IStreamGrain, IStreamRightsGrain, IStreamAudienceGrain, IRemindable
{
    private const int ReportCountMax = 1_000;

    private StreamState? _stream;
    private TopicTeller _topic = null!;
    private StreamTeller _teller = null!;
    private StatsLane _stats = null!;
    private StreamLease _lease = null!;
    private StreamAccess _access = null!;
    private LogTail _tail = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var streamId = this.GetPrimaryKeyLong();
        if (await store.LoadAsync(streamId, cancellationToken) is not { } record)
        {
            return;
        }

        _stream = new StreamState(streamId, record);
        _tail = new LogTail(streamId, record.LastSeq);
        _topic = new TopicTeller(streamId, record.LastSeq, publisher, time);
        _teller = new StreamTeller(_topic);
        _stats = new StatsLane(this, _teller, time);
        _lease = new StreamLease(this, _stream, ApplyAsync, time, logger);
        _access = new StreamAccess(_stream, _teller, rules, store, GrainFactory);
        await _lease.WatchAsync();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await statsWriter.FlushAsync(this.GetPrimaryKeyLong());
        }
        catch (StorageUnavailableException e)
        {
            Log.StatsNotStored(logger, this.GetPrimaryKeyLong(), e.Message);
        }
    }

    public async Task<ReportResult> ReportAsync(
        string user, ImmutableArray<StreamReport> reports, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(reports.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reports.Length, ReportCountMax);
        if (!Known(out var stream) || !stream.CanPublish(user))
        {
            var refused = StreamOutcome.Refused(StreamRefusal.NotAuthorized);
            return new ReportResult { Outcomes = [.. Enumerable.Repeat(refused, reports.Length)] };
        }

        var draft = new ReportDraft(stream.Execution, stream.NextTimestamp(time.GetUtcNow()));
        var outcomes = ImmutableArray.CreateBuilder<StreamOutcome>(reports.Length);
        foreach (var report in reports)
        {
            outcomes.Add(draft.Take(report));
        }

        await ApplyAsync(draft);
        return new ReportResult
        {
            Outcomes = outcomes.MoveToImmutable(),
            Execution = stream.Execution.Number,
            Status = stream.Execution.Status,
            Version = stream.Version,
        };
    }

    public Task<StreamSnapshot?> GetSnapshotAsync(string user, CancellationToken cancellationToken) =>
        Task.FromResult(Known(out var stream) && stream.CanView(user) ? stream.SnapshotAt(time.GetUtcNow()) : null);

    public async Task<ImmutableArray<ExecutionSummary>?> ListExecutionsAsync(
        string user, int after, int limit, CancellationToken cancellationToken) =>
        Known(out var stream) && stream.CanView(user)
            ? await store.ListExecutionsAsync(stream.StreamId, after, limit, cancellationToken)
            : null;

    public async Task<ImmutableArray<StreamError>?> ListErrorsAsync(
        string user, int execution, long after, int limit, CancellationToken cancellationToken) =>
        Known(out var stream) && stream.CanView(user)
            ? await store.ListErrorsAsync(stream.StreamId, execution, after, limit, cancellationToken)
            : null;

    public Task<StreamJoinResult> JoinAsync(string gatewayId, string user, CancellationToken cancellationToken)
    {
        if (!Known(out var stream) || !stream.CanView(user))
        {
            return Task.FromResult(new StreamJoinResult { Position = default });
        }

        var now = time.GetUtcNow();
        _topic.Listeners.Join(gatewayId, now);
        return Task.FromResult(new StreamJoinResult { Stream = stream.SnapshotAt(now), Position = _topic.Position });
    }

    public Task<RejoinResult> RejoinAsync(
        string gatewayId, ImmutableArray<string> users, CancellationToken cancellationToken) =>
        Task.FromResult(Known(out var stream)
            ? _topic.Rejoin(gatewayId, users, stream.CanView)
            : new RejoinResult { Strangers = users, Position = default });

    public Task LeaveAsync(string gatewayId, CancellationToken cancellationToken)
    {
        if (Known(out _))
        {
            _topic.Listeners.Leave(gatewayId);
        }

        return Task.CompletedTask;
    }

    public Task<StreamSnapshot?> GetSnapshotAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Known(out var stream) ? stream.SnapshotAt(time.GetUtcNow()) : null);

    public Task<ImmutableArray<StreamEvent>> ReadAsync(
        long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync(this.GetPrimaryKeyLong(), afterSeq, throughSeq, limit, cancellationToken);

    public Task<StreamInfo?> GetAsync(string user, CancellationToken cancellationToken) =>
        Task.FromResult(Known(out var stream) ? stream.InfoFor(user) : null);

    public Task<ImmutableArray<string>?> ListAsync(
        string user, StreamRight right, string? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<ImmutableArray<string>?>(
            Known(out var stream) && stream.IsKnownTo(user) ? stream.UsersWith(right, after, limit) : null);

    public Task<StreamOutcome> GrantAsync(
        string actor, string user, StreamRight right, CancellationToken cancellationToken) =>
        Known(out _) ? _access.GrantAsync(actor, user, right, cancellationToken) : StreamAccess.Stranger();

    public Task<StreamOutcome> RevokeAsync(
        string actor, string user, StreamRight right, CancellationToken cancellationToken) =>
        Known(out _) ? _access.RevokeAsync(actor, user, right) : StreamAccess.Stranger();

    public async Task ForgetAsync(string user, CancellationToken cancellationToken)
    {
        if (Known(out _) && await _access.ForgetAsync(user))
        {
            DeactivateOnIdle();
        }
    }

    public async Task<StreamOutcome> DeleteAsync(string actor, CancellationToken cancellationToken)
    {
        var outcome = Known(out _) ? await _access.DeleteAsync(actor) : await StreamAccess.Stranger();
        if (outcome.Refusal == StreamRefusal.None)
        {
            DeactivateOnIdle();    // what is not there now may be created later
        }

        return outcome;
    }

    /// <summary>The reminder only has to wake the grain: its lease is watched from then on.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) =>
        Known(out _) ? _lease.ForgetAsync(isReminded: true) : StreamLease.DropAsync(this);

    /// <summary>Stores what a draft changes, then takes it in, then tells it.</summary>
    private async Task ApplyAsync(ReportDraft draft)
    {
        if (!draft.IsChanged)
        {
            return;
        }

        var (stream, before, firstSeq) = (_stream!, _stream!.Execution, _stream.Version + 1);
        if (draft.Events.Count > 0)
        {
            await _lease.RemindAsync(draft.Execution);
            await AppendAsync(draft);
            statsWriter.Forget(stream.StreamId);
        }
        else
        {
            statsWriter.Note(stream.StreamId, draft.Execution);
        }

        stream.Take(draft);
        await _teller.EventsAsync(draft, firstSeq);
        await _stats.ShowAsync(before, draft.Execution);
        await _lease.WatchAsync();
    }

    private async Task AppendAsync(ReportDraft draft)
    {
        ImmutableArray<EventRecord> records = [.. draft.Events.Select(item => item.Record)];
        if (await store.AppendAsync(_tail, records, draft.Executions) == AppendOutcome.Fenced)
        {
            Log.Fenced(logger, _tail.TopicId, _tail.LastSeq);
            DeactivateOnIdle();
            throw new StorageUnavailableException("Another activation of the stream has written to it.");
        }
    }

    private bool Known([NotNullWhen(true)] out StreamState? stream)
    {
        stream = _stream;
        if (stream is null)
        {
            DeactivateOnIdle();    // the stream may be created later: the next call shall look again
        }

        return stream is not null;
    }
}
