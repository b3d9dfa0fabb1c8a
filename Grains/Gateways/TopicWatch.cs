using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NewLoom.Grains.Storage;
using Orleans.Runtime;

namespace NewLoom.Grains.Gateways;

/// <summary>Ends activations of this silo whose topic another activation has gone on with, so that gateways that
/// listen to them do not wait for what is told elsewhere.</summary>
/// <remarks>
/// Orleans' directory is eventually consistent: while the network between silos is cut, or a silo leaves, a topic may
/// be active twice. Neither can write what the other one has written already, but the one that nobody writes through
/// would not find out. So every topic that is listened to is held against the database, by one indexed look in a query
/// for many: 6 µs of PostgreSQL 15 each, so that 10,000 topics cost its server 2 % of a core. A file has one silo, and
/// nothing to watch.
/// </remarks>
internal sealed partial class TopicWatch(
    Database database, StorageReaders readers, TimeProvider time, ILogger<TopicWatch> logger)
    : BackgroundService, ITopicWatch
{
    /// <summary>The pause between two looks. Two of them pass until an activation ends, and its listeners have to join
    /// anew then: within the 15 s for which no socket may be deaf.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>Topics in one query.</summary>
    private const int ChunkCount = 1_000;

    private readonly ConcurrentDictionary<TopicTeller, Entry> _entries = new();

    /// <inheritdoc/>
    public void Add(TopicTeller topic, TopicTable table, IGrainContext activation)
    {
        if (database.IsShared)
        {
            _entries[topic] = new Entry(topic, table, activation);
        }
    }

    /// <inheritdoc/>
    public void Remove(TopicTeller topic) => _entries.TryRemove(topic, out _);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!database.IsShared)
        {
            return;
        }

        while (true)
        {
            // A pause, not a timer: after a slow look the next one must not come before an activation has taken in what
            // it has written itself.
            await Task.Delay(Pause, time, stoppingToken);
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Postponed(logger, e.Message);    // whatever it was, the next look comes
            }
        }
    }

    /// <summary>Looks once. An activation ends when it has not caught up by the next look with what is stored at
    /// this one: what it writes itself it knows long before.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var listened = new List<Entry>();
        foreach (var entry in _entries.Values.Where(entry => entry.Topic.Listeners.HasAny))
        {
            if (entry.StoredSeq > entry.Topic.LastSeq)
            {
                End(entry);
            }
            else
            {
                listened.Add(entry);
            }
        }

        foreach (var table in listened.GroupBy(entry => entry.Table))
        {
            foreach (var some in table.Chunk(ChunkCount))
            {
                var stored = await readers.ReadAsync(
                    session => table.Key.FindLast(session, [.. some.Select(entry => entry.Topic.TopicId).Distinct()]),
                    cancellationToken);
                foreach (var entry in some)
                {
                    entry.StoredSeq = stored.GetValueOrDefault(entry.Topic.TopicId);
                }
            }
        }
    }

    private void End(Entry entry)
    {
        if (_entries.TryRemove(entry.Topic, out _))
        {
            Log.Superseded(logger, entry.Activation.GrainId, entry.Topic.LastSeq, entry.StoredSeq);
            entry.Topic.IsSuperseded = true;
            entry.Activation.Deactivate(new DeactivationReason(
                DeactivationReasonCode.ApplicationRequested, "Another activation has written to the topic."));
        }
    }

    private sealed class Entry(TopicTeller topic, TopicTable table, IGrainContext activation)
    {
        public TopicTeller Topic => topic;

        public TopicTable Table => table;

        public IGrainContext Activation => activation;

        /// <summary>The last place that was stored when it was looked for; 0 before.</summary>
        public long StoredSeq { get; set; }
    }
}
