using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using NewLoom.Gateway.Authentication.Jwt;

namespace NewLoom.Gateway.Limits;

/// <summary>What an address may do before anybody knows who is behind it.</summary>
/// <remarks>Each address has a limiter of its own, which the library drops 10 s after it is whole again: a flood of
/// addresses costs 359 bytes for each of the last 70 s (measured with 200,000 of them, which took 0.14 of a core).
/// An address that is blocked fails nothing more, so it is free a minute after its last failure. Attempts that are
/// verified at the same time are all counted, but not held back by each other.</remarks>
internal sealed class AddressLimits : IDisposable
{
    private const int FailureSegments = 6;

    private static readonly TimeSpan FailureWindow = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<AddressBlock> _failures;
    private readonly PartitionedRateLimiter<AddressBlock> _waiting;

    public AddressLimits(IOptions<AddressLimitOptions> options)
    {
        var failures = new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.FailedAuthenticationsPerMinute,
            Window = FailureWindow,
            SegmentsPerWindow = FailureSegments,
            AutoReplenishment = false,    // by one timer for all addresses, not one for each
        };
        var waiting = new ConcurrencyLimiterOptions { PermitLimit = options.Value.UnauthenticatedSockets };
        _failures = PartitionedRateLimiter.Create<AddressBlock, AddressBlock>(
            block => RateLimitPartition.GetSlidingWindowLimiter(block, _ => failures));
        _waiting = PartitionedRateLimiter.Create<AddressBlock, AddressBlock>(
            block => RateLimitPartition.GetConcurrencyLimiter(block, _ => waiting));
    }

    /// <summary>How long the address may not try to authenticate, or null when it may.</summary>
    public TimeSpan? FindBlock(IPAddress? address)
    {
        // Asking for no permit takes none, and says whether there is one.
        using var lease = _failures.AttemptAcquire(AddressBlock.Of(address), permitCount: 0);
        return lease.IsAcquired ? null : FailureWindow;
    }

    /// <summary>Counts one failed authentication.</summary>
    public void CountFailure(IPAddress? address) => _failures.AttemptAcquire(AddressBlock.Of(address)).Dispose();

    /// <summary>Counts a token whose key nobody knows yet, which may be a forged one: it is not refused, since an
    /// authority may have a new key.</summary>
    public void CountGuess(Exception error, IPAddress? address)
    {
        if (error is AuthorityUnavailableException { IsUnknownKey: true })
        {
            CountFailure(address);
        }
    }

    /// <summary>Takes a place among the sockets of the address that have not authenticated; disposing gives it
    /// back.</summary>
    /// <returns>Null when all places are taken.</returns>
    public IDisposable? TryWait(IPAddress? address)
    {
        var lease = _waiting.AttemptAcquire(AddressBlock.Of(address));
        return lease.IsAcquired ? lease : null;
    }

    public void Dispose()
    {
        _failures.Dispose();
        _waiting.Dispose();
    }
}
