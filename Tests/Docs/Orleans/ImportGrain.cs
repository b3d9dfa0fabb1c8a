using System.Collections.Immutable;
using NewLoom.Streams;

namespace NewLoom.Tests.Docs.Orleans;

[Alias("example.import")]
public interface IImportGrain : IGrainWithIntegerKey
{
    [Alias("run")]
    Task RunAsync(ImmutableArray<string> files, CancellationToken cancellationToken = default);
}

/// <summary>Imports files, and reports to the stream whose id is this grain's key.</summary>
public sealed class ImportGrain : Grain, IImportGrain
{
    private const string User = "importer";    // owns the stream, or holds the right to publish
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private IStreamGrain Stream => GrainFactory.GetGrain<IStreamGrain>(this.GetPrimaryKeyLong());

    public async Task RunAsync(ImmutableArray<string> files, CancellationToken cancellationToken)
    {
        // Who does not report within the lease is shown as stalled, and in the end as lost: also when this silo dies.
        await ReportAsync(new StatusReport { Status = StreamStatus.Running, Lease = Lease });
        var failedCount = 0;
        foreach (var (i, file) in files.Index())
        {
            if (!await TryImportAsync(file, cancellationToken))
            {
                failedCount++;
                await ReportAsync(new ErrorReport { Message = $"{file} cannot be imported.", Code = "BAD_FILE" });
            }

            // Absolute counters: a repeat or a report that comes late does no harm.
            await ReportAsync(new StatsReport
            {
                ProcessedCount = i + 1 - failedCount,
                FailedCount = failedCount,
                TotalCount = files.Length,
            });
        }

        await ReportAsync(new StatusReport
        {
            Status = failedCount == 0 ? StreamStatus.Completed : StreamStatus.Failed,
        });
    }

    private async Task ReportAsync(StreamReport report)
    {
        // Throws StorageUnavailableException when nothing could be stored: the report may simply be made again.
        var result = await Stream.ReportAsync(User, [report]);
        if (result.Outcomes[0].Refusal != StreamRefusal.None)
        {
            throw new InvalidOperationException($"{result.Outcomes[0].Refusal}: {result.Outcomes[0].Detail}");
        }
    }

    private static Task<bool> TryImportAsync(string file, CancellationToken cancellationToken) =>
        Task.FromResult(!file.EndsWith(".broken", StringComparison.Ordinal));
}
