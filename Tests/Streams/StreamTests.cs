using NewLoom.Streams;

namespace NewLoom.Tests.Streams;

/// <summary>Tests of one stream in a cluster of its own; "alice" publishes.</summary>
public abstract class StreamTests : IAsyncLifetime
{
    private StreamsCluster? _cluster;
    private long _streamId;

    internal StreamsCluster Cluster => _cluster!;

    /// <summary>Asked for anew, because a restart ends the client too.</summary>
    protected IStreamGrain Stream => Cluster.Grains.GetGrain<IStreamGrain>(_streamId);

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        _cluster = await StreamsCluster.StartAsync();
        _streamId = await _cluster.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _cluster!.DisposeAsync();
    }

    /// <summary>Reports, and expects that all of it is taken.</summary>
    protected async Task<ReportResult> ReportAsync(params StreamReport[] reports)
    {
        var result = await Stream.ReportAsync("alice", [.. reports], Ct);
        Assert.All(result.Outcomes, outcome => Assert.Equal(StreamOutcome.Done, outcome));
        return result;
    }

    protected async Task<StreamSnapshot> SnapshotAsync() =>
        await Stream.GetSnapshotAsync("alice", Ct) ?? throw new InvalidOperationException("No snapshot.");

    /// <summary>The next event told, which must be of this kind.</summary>
    protected async Task<T> NextAsync<T>()
        where T : StreamEvent => Assert.IsType<T>(await Cluster.Gateway.NextAsync());

    /// <summary>The next event told, which must be this status; and the end of the turn that told it: a clock that is
    /// moved before a timer is set again moves the timer along.</summary>
    protected async Task NextAsync(StreamStatus status)
    {
        Assert.Equal(status, (await NextAsync<StatusChanged>()).Status);
        await Stream.GetSnapshotAsync("alice", Ct);
    }
}
