using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NewLoom.Grains.Streams;

namespace NewLoom.Grains.Storage;

/// <summary>Writes the counters of this silo's streams behind: the latest of each, once a second.</summary>
/// <remarks>At most one entry for each active stream waits. What a killed process had not written is lost: at most a
/// second of counters, which the next report brings back, because they are absolute.</remarks>
internal sealed partial class StatsWriter(IStreamStore store, TimeProvider time, ILogger<StatsWriter> logger)
    : BackgroundService
{
    /// <summary>Streams in one write, so that statuses need not wait long behind it.</summary>
    private const int ChunkCount = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, Execution> _dirty = new();

    /// <summary>Has the execution written within about a second; a later one of the same stream takes its
    /// place.</summary>
    public void Note(long streamId, Execution execution) => _dirty[streamId] = execution;

    /// <summary>The execution was written elsewhere: what waits is of no use any more.</summary>
    public void Forget(long streamId) => _dirty.TryRemove(streamId, out _);

    /// <summary>Writes what waits of one stream now.</summary>
    /// <exception cref="StorageUnavailableException">It could not be written; it waits on.</exception>
    public Task FlushAsync(long streamId) => _dirty.TryGetValue(streamId, out var execution)
        ? SaveAsync([KeyValuePair.Create(streamId, execution)])
        : Task.CompletedTask;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAllAsync();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SaveAllAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is written by whoever stops this.
        }
    }

    private async Task SaveAllAsync()
    {
        foreach (var some in _dirty.ToArray().Chunk(ChunkCount))
        {
            try
            {
                await SaveAsync(some);
            }
            catch (Exception e) when (e is StorageUnavailableException)
            {
                Log.Postponed(logger, _dirty.Count, e.Message);
                return;
            }
        }
    }

    private async Task SaveAsync(KeyValuePair<long, Execution>[] some)
    {
        await store.SaveStatsAsync(some);
        foreach (var written in some)
        {
            _dirty.TryRemove(written);    // unless a later one has come meanwhile
        }
    }
}
