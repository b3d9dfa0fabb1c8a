using System.Numerics;

namespace NewLoom.Bench.Deliveries;

/// <summary>Counts microseconds in buckets: exact below 128, above that 64 buckets for each doubling (1.6 %).</summary>
public sealed class LatencyHistogram
{
    private const int BucketsPerDoublingLog2 = 6;
    private const int BucketsPerDoubling = 1 << BucketsPerDoublingLog2;
    private const int Doublings = 64 - BucketsPerDoublingLog2;

    private readonly long[] _counts = new long[BucketsPerDoubling * (Doublings + 1)];
    private long _count;

    /// <summary>The largest value so far, exactly.</summary>
    public long MaxMicroseconds { get; private set; }

    /// <summary>How many values there are.</summary>
    public long Count => _count;

    /// <summary>Adds all values of another.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        _count += other._count;
        MaxMicroseconds = Math.Max(MaxMicroseconds, other.MaxMicroseconds);
    }

    /// <summary>Adds one value; below 0 counts as 0.</summary>
    public void Add(long microseconds)
    {
        microseconds = Math.Max(0, microseconds);
        _counts[BucketOf(microseconds)]++;
        _count++;
        MaxMicroseconds = Math.Max(MaxMicroseconds, microseconds);
    }

    /// <summary>The value that so many per cent of all do not exceed; 0 when there is none.</summary>
    public long PercentileMicroseconds(double percentile)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(percentile / 100 * _count));
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return Math.Min(LargestOf(bucket), MaxMicroseconds);
            }
        }

        return 0;
    }

    private static int BucketOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value) - BucketsPerDoublingLog2);
        return shift * BucketsPerDoubling + (int)(value >> shift);
    }

    private static long LargestOf(int bucket)
    {
        var shift = Math.Max(0, bucket / BucketsPerDoubling - 1);
        return ((bucket - shift * BucketsPerDoubling + 1L) << shift) - 1;
    }
}
