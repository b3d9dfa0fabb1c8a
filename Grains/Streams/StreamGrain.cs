using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using NewLoom.Gateways;
using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Telemetry;
using NewLoom.Streams;
using Orleans.Runtime;

namespace NewLoom.Grains.Streams;

/// <summary>One stream: takes reports, keeps its state honest, tells the viewers.</summary>
/// <remarks>One call after the other, but those of gateways come in between: what they read changes at once when a
/// write has succeeded, and events carry their places. So a snapshot and the events after it fit together.</remarks>
internal sealed partial class StreamGrain(
    IStreamStore store, StatsWriter statsWriter, StreamRules rules, IGatewayPublisher publisher, ITopicWatch watch,
    TimeProvider time, GrainMetrics metrics, ILogger<StreamGrain> logger)
    : Grain, IStreamGrain, IStreamRightsGrain, IStreamAudienceGrain, IRemindable
{
    private const int ReportCountMax = 1_000;

    private StreamState? _stream;
    private TopicTeller _topic = null!;
    private StreamTeller _teller = null!;
    private StreamLease _lease = null!;
    private StreamAccess _access = null!;
    private StreamChanges _changes = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var streamId = this.GetPrimaryKeyLong();
        if (await store.LoadAsync(streamId, cancellationToken) is not { } record)
        {
            return;
        }

        _stream = new StreamState(streamId, record);
        _topic = new TopicTeller(streamId, record.LastSeq, publisher, time);
        _teller = new StreamTeller(_topic);
        _lease = new StreamLease(this, _stream, draft => _changes.ApplyAsync(draft), metrics, time, logger);
        _access = new StreamAccess(_stream, _teller, rules, store, GrainFactory, EndActivation);
        _changes = new StreamChanges(
            _stream, _teller, new StatsLane(this, _teller, time), _lease, store, statsWriter, EndActivation, logger);
        _lease.Watch();
        watch.Add(_topic, TopicTable.StreamEvents, GrainContext);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_stream is null)
        {
            return;
        }

        watch.Remove(_topic);
        if (HandOver.Begin(GrainContext, _topic.Listeners, reason) || _topic.IsSuperseded)
        {
            await _teller.EndAsync(_stream.Execution);
        }

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
            metrics.Reported(reports.Length, areAccepted: false);
            var refused = StreamOutcome.Refused(StreamRefusal.NotAuthorized);
            return new ReportResult { Outcomes = [.. Enumerable.Repeat(refused, reports.Length)] };
        }

        var draft = new ReportDraft(stream.Execution, stream.NextTimestamp(time.GetUtcNow()));
        var outcomes = ImmutableArray.CreateBuilder<StreamOutcome>(reports.Length);
        foreach (var report in reports)
        {
            outcomes.Add(draft.Take(report));
        }

        await _changes.ApplyAsync(draft);
        var acceptedCount = outcomes.Count(outcome => outcome.Refusal == StreamRefusal.None);
        metrics.Reported(acceptedCount, areAccepted: true);
        metrics.Reported(reports.Length - acceptedCount, areAccepted: false);
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

    public async Task<ExecutionPage?> ListExecutionsAsync(
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

    public async Task ForgetAsync(string actor, string user, CancellationToken cancellationToken)
    {
        if (Known(out _) && await _access.ForgetAsync(actor, user))
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

    /// <summary>The reminder has to wake the grain, no more: its lease is watched from then on.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (Known(out _))
        {
            _lease.Watch(isReminded: true);
        }
        else
        {
            await StreamLease.DropAsync(this);
        }
    }

    /// <summary>Lets the next activation begin with what is stored, and the viewers ask it.</summary>
    private void EndActivation()
    {
        _topic.IsSuperseded = true;
        DeactivateOnIdle();
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
