namespace NewLoom.Gateway.Cluster;

/// <summary>Whether this gateway reaches the cluster, and which of its calls nobody will answer any more.</summary>
/// <remarks>A gateway in a silo's process always reaches it: silo and gateway end together.</remarks>
internal sealed partial class ClusterConnection(TimeProvider time, ILogger<ClusterConnection> logger)
    : IClusterConnectionStatusObserver, IDisposable
{
    /// <summary>How long a call that was under way when one of several connections broke is still waited for: it may
    /// have gone through another one.</summary>
    /// <remarks>Orleans itself would let it run into its timeout (dotnet/orleans#6802).</remarks>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private CancellationTokenSource _broken = new(Timeout.InfiniteTimeSpan, time);
    private volatile bool _isUp;
    private volatile int _siloCount = 1;

    /// <summary>Whether at least one silo is connected.</summary>
    public bool IsUp => _isUp;

    /// <summary>How many silos are connected; at least 1.</summary>
    public int SiloCount => _siloCount;

    /// <summary>Something about the connection has changed: what grains know of this gateway may be gone.</summary>
    public event Action? Changed;

    /// <summary>Cancelled when calls that begin now will not be answered any more.</summary>
    public CancellationToken Broken => Volatile.Read(ref _broken).Token;

    /// <summary>Says that the silo is in this process.</summary>
    public ClusterConnection InProcess()
    {
        _isUp = true;
        return this;
    }

    /// <inheritdoc/>
    public void NotifyClusterConnectionLost()
    {
        _isUp = false;
        Log.Lost(logger);
        GiveUp(TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public void NotifyGatewayCountChanged(
        int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered)
    {
        _siloCount = Math.Max(1, currentNumberOfGateways);
        if (currentNumberOfGateways > 0 && !_isUp)
        {
            _isUp = true;
            Log.Connected(logger);
        }
        else if (currentNumberOfGateways < previousNumberOfGateways)
        {
            GiveUp(Grace);
        }

        Changed?.Invoke();
    }

    /// <summary>A silo has answered. What the client tells of its connections may come in the wrong order.</summary>
    public void NoteAnswer()
    {
        if (!_isUp)
        {
            _isUp = true;
            Log.Connected(logger);
        }
    }

    /// <summary>A silo has gone that this gateway need not have been connected to.</summary>
    public void NoteSiloGone() => Changed?.Invoke();

    public void Dispose() => _broken.Dispose();

    private void GiveUp(TimeSpan after)
    {
        CancellationTokenSource broken;
        lock (_lock)
        {
            broken = _broken;
            Volatile.Write(ref _broken, new CancellationTokenSource(Timeout.InfiniteTimeSpan, time));
        }

        broken.CancelAfter(after);
    }
}
