using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NewLoom.Grains.Storage;

/// <summary>Deletes what is left of deleted chats and streams, in slices between other writes.</summary>
/// <remarks>All silos do it: each passes over what another one has in hand, and what one that died has left is found by
/// the next.</remarks>
internal sealed partial class TopicPurge(
    StorageWriter writer, StorageReaders readers, TimeProvider time, ILogger<TopicPurge> logger)
    : BackgroundService
{
    /// <summary>Rows in one write: a few milliseconds, for which others wait.</summary>
    public const int SliceCount = 500;

    /// <summary>The pause between two looks.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static readonly TopicDeletion[] Deletions = [TopicDeletion.Chats, TopicDeletion.Streams];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, stoppingToken);
            try
            {
                foreach (var deletion in Deletions)
                {
                    await PurgeAsync(deletion, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Postponed(logger, e.Message);    // whatever it was, the next round comes
            }
        }
    }

    private async Task PurgeAsync(TopicDeletion deletion, CancellationToken cancellationToken)
    {
        if (!await readers.ReadAsync(deletion.HasAny, cancellationToken))
        {
            return;
        }

        var sliceCount = 0;
        while (await writer.WriteAsync(new StorageStatements<bool>(
            session => deletion.DeleteSlice(session, SliceCount))))
        {
            sliceCount++;
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (sliceCount > 0)    // else another silo has it in hand
        {
            Log.Purged(logger, deletion.Table, sliceCount);
        }
    }
}
