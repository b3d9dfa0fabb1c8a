using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NewLoom.Gateway.Authentication.Keys;

/// <summary>Adds data protection with keys that all gateways share.</summary>
internal static class KeysHosting
{
    // Part of every protected text: another name makes all of them unreadable.
    private const string ApplicationName = "newloom";

    private const string EarlyReader = "Microsoft.AspNetCore.DataProtection.Internal.DataProtectionHostedService";

    /// <summary>Adds data protection; the host brings an <see cref="IGrainFactory"/>.</summary>
    public static IServiceCollection AddSharedKeys(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<XmlKeyManager>();
        services.AddSingleton<IKeyManager, SharedKeyManager>();
        services.AddHostedService<KeyKeeper>();
        services.AddDataProtection().SetApplicationName(ApplicationName).DisableAutomaticKeyGeneration();
        services.AddOptions<KeyManagementOptions>().Configure<KnownKeys>((keys, known) => keys.XmlRepository = known);
        return services;
    }

    /// <summary>Takes the framework's own service out that reads the keys when the process starts: that is before the
    /// cluster is reached, and looks like an error.</summary>
    /// <remarks>Comes last: whatever else uses data protection adds it again.</remarks>
    public static void RemoveEarlyRead(this IServiceCollection services)
    {
        foreach (var early in services.Where(service => service.ImplementationType?.FullName == EarlyReader).ToList())
        {
            services.Remove(early);
        }
    }
}
