using System.Diagnostics;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NewLoom.Gateway.Authentication.Keys;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Keys;

/// <summary>The part of a gateway that keeps keys, with a clock of its own.</summary>
internal sealed class KeyedGateway : IAsyncDisposable
{
    // Every protected text begins with 4 bytes that say what it is, then the key's id.
    private const int HeaderBytes = 4;
    private const int KeyIdBytes = 16;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly ArmedTime _time = new();
    private readonly ServiceProvider _services;

    public KeyedGateway(IGrainFactory grains)
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow());
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(grains)
            .AddSingleton<TimeProvider>(_time)
            .AddSharedKeys();
        services.RemoveEarlyRead();
        _services = services.BuildServiceProvider();
    }

    /// <summary>Its clock.</summary>
    public ArmedTime Time => _time;

    public IDataProtector Protector => _services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    public IReadOnlyCollection<IKey> Keys => _services.GetRequiredService<IKeyManager>().GetAllKeys();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var services = _services.GetServices<IHostedService>().ToList();
        foreach (var service in services)
        {
            await service.StartAsync(cancellationToken);
        }

        foreach (var service in services.OfType<IHostedLifecycleService>())
        {
            await service.StartedAsync(cancellationToken);
        }
    }

    /// <summary>The key that is in use.</summary>
    public Guid UsedKey() => new(Protector.Protect(new byte[1]).AsSpan(HeaderBytes, KeyIdBytes));

    /// <summary>Waits until the key is in use: the framework makes its new key ring in the background.</summary>
    public async Task UntilUsedAsync(Guid keyId, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (UsedKey() != keyId)
        {
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, Limit);
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Moves the clock to where the gateway looks for keys, and returns when it has found others.</summary>
    /// <remarks>The gateway serves before it waits for its next look, so the clock waits for that.</remarks>
    public async Task LookAgainAsync(CancellationToken cancellationToken, TimeSpan? later = null)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = _services.GetRequiredService<IKeyManager>().GetCacheExpirationToken()
            .Register(changed.SetResult);
        await _time.WaitForTimersAsync(1, cancellationToken);
        _time.Advance(later ?? KeyPlan.RefreshInterval);
        await changed.Task.WaitAsync(Limit, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }
}
