using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using NewLoom.Gateway.Hosting;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Authentication.Keys;

/// <summary>Reads the keys that all gateways share, and sees to it that there is always one to use.</summary>
/// <remarks>Nothing is served before there are keys: without them every session would look forged.</remarks>
internal sealed partial class KeyKeeper(
    IGrainFactory grains, XmlKeyManager manager, KnownKeys known, IKeyRingProvider ring, TimeProvider time,
    ILogger<KeyKeeper> logger) : StartedService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override Task Ready => _ready.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var wait = await TryRefreshAsync(stoppingToken) ? KeyPlan.RefreshInterval : RetryInterval;
            await Task.Delay(wait, time, stoppingToken);
        }
    }

    private async Task<bool> TryRefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshAsync(cancellationToken);
            _ready.TrySetResult();
            return true;
        }
        catch (Exception e) when (Faults.IsUnavailable(e))
        {
            Log.RefreshFailed(logger, e.Message);
            return false;
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var shared = grains.GetGrain<IDataProtectionKeysGrain>(0);
        known.Replace(await shared.ListAsync(cancellationToken));
        var newestEnd = manager.GetAllKeys().Max(key => (DateTimeOffset?)key.ExpirationDate);
        if (KeyPlan.FindNext(newestEnd, time.GetUtcNow()) is { } next)
        {
            manager.CreateNewKey(next.Start, next.End);
            known.Replace(await shared.AddAsync(known.TakeCreated(), known.Count, cancellationToken));
        }

        // Who asks after a change gets the old ring once more, while a new one is made in the background.
        ring.GetCurrentKeyRing();
    }
}
