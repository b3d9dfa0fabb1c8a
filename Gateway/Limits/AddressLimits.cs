using System.Net;
using System.Threading.RateLimiting;

namespace NewLoom.Gateway.Limits;

/// <summary>What an address may do before anybody knows who is behind it.</summary>
internal sealed class AddressLimits : IDisposable
{
    private static readonly TimeSpan FailureWindow = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> _failures =
        PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetFixedWindowLimiter(
                address, _ => new FixedWindowRateLimiterOptions { PermitLimit = 20, Window = FailureWindow }));

    private readonly PartitionedRateLimiter<IPAddress> _waiting =
        PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetConcurrencyLimiter(
                address, _ => new ConcurrencyLimiterOptions { PermitLimit = 20 }));

    /// <summary>How long the address may not try to authenticate, or null when it may.</summary>
    public TimeSpan? FindBlock(IPAddress? address)
    {
        // Asking for no permit takes none, and says whether there is one.
        using var lease = _failures.AttemptAcquire(address ?? IPAddress.None, permitCount: 0);
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : FailureWindow;
    }

    /// <summary>Counts one failed authentication.</summary>
    public void CountFailure(IPAddress? address) => _failures.AttemptAcquire(address ?? IPAddress.None).Dispose();

    /// <summary>Takes a place among the sockets of the address that have not authenticated; disposing gives it
    /// back.</summary>
    /// <returns>Null when all places are taken.</returns>
    public IDisposable? TryWait(IPAddress? address)
    {
        var lease = _waiting.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired ? lease : null;
    }

    public void Dispose()
    {
        _failures.Dispose();
        _waiting.Dispose();
    }
}
