using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace NewLoom.Gateway.Authentication.Keys;

/// <summary>Adds data protection with keys that all gateways share.</summary>
internal static class KeysHosting
{
    // Part of every protected text: another name makes all of them unreadable.
    private const string ApplicationName = "newloom";

    /// <summary>Adds data protection; the host brings an <see cref="IGrainFactory"/>.</summary>
    public static IServiceCollection AddSharedKeys(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<XmlKeyManager>();
        services.AddSingleton<IKeyManager, SharedKeyManager>();
        services.AddHostedService<KeyKeeper>();    // before the framework's own, which reads the keys
        services.AddDataProtection().SetApplicationName(ApplicationName).DisableAutomaticKeyGeneration();
        services.AddOptions<KeyManagementOptions>().Configure<KnownKeys>((keys, known) => keys.XmlRepository = known);
        return services;
    }
}
