using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Sockets;

/// <summary>What one socket may do. Bound from <c>NewLoom:Limits</c>.</summary>
public sealed class SocketLimitOptions
{
    /// <summary>Frames a second of each kind but messages and reports; more get <c>rate_limited</c>. (default: 10)</summary>
    [Range(1, 100_000)]
    public int FramesPerSecond { get; set; } = 10;

    /// <summary>Frames of each kind at once, after a quiet time. (default: 20)</summary>
    [Range(1, 100_000)]
    public int FrameBurst { get; set; } = 20;

    /// <summary>Reports to streams a second; more get <c>rate_limited</c>. (default: 10,000)</summary>
    [Range(1, 1_000_000)]
    public int ReportsPerSecond { get; set; } = 10_000;

    /// <summary>Reports at once, after a quiet time. (default: 10,000)</summary>
    [Range(1, 1_000_000)]
    public int ReportBurst { get; set; } = 10_000;

    /// <summary>Refused frames in a minute; one more closes the socket with 4429. (default: 50)</summary>
    [Range(1, 1_000_000)]
    public int RefusedFramesPerMinute { get; set; } = 50;

    /// <summary>Bytes that may wait for a slow reader; more close the socket with 4508. (default: 1 MiB)</summary>
    [Range(64 * 1_024, 1_024 * 1_024 * 1_024)]
    public int WaitingBytes { get; set; } = 1_024 * 1_024;
}

[OptionsValidator]
internal sealed partial class SocketLimitOptionsValidator : IValidateOptions<SocketLimitOptions>;
