using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace NewLoom.Grains.Storage;

/// <summary>Bounds of the queues in front of the database file.</summary>
public sealed class StorageOptions
{
    /// <summary>Writes that may wait; one more is refused with <see cref="StorageUnavailableException"/>.
    /// (default: 20,000)</summary>
    [Range(1, 1_000_000)]
    public int WriteQueueCount { get; set; } = 20_000;

    /// <summary>Writes that one transaction takes at most. (default: 2,000)</summary>
    [Range(1, 100_000)]
    public int BatchCount { get; set; } = 2_000;

    /// <summary>The least time from one commit's start to the next one's; 0: none. (default: 8 ms)</summary>
    /// <remarks>A write that comes alone is committed at once. Under load more writes share a commit, and the wake-ups
    /// that it causes all the way to the sockets: at 1,000 messages a second and 10 receivers each, see
    /// docs/decisions/0005 for what that saves and what it costs in latency.</remarks>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(8);

    /// <summary>Reads that may wait; one more is refused with <see cref="StorageUnavailableException"/>.
    /// (default: 10,000)</summary>
    [Range(1, 1_000_000)]
    public int ReadQueueCount { get; set; } = 10_000;

    /// <summary>Threads that read, each with its own connection. (default: 2)</summary>
    [Range(1, 16)]
    public int ReaderCount { get; set; } = 2;
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
