using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NewLoom.Grains.Chats;
using NewLoom.Grains.Streams;
using NewLoom.Grains.Telemetry;

namespace NewLoom.Grains.Users;

/// <summary>Adds what the user grains need, beside a default grain storage, the stores and the publisher.</summary>
public static class UsersHosting
{
    /// <summary>Adds the options of <see cref="UserLimits"/>, checked at start.</summary>
    public static IServiceCollection AddUserGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<UserLimits, UserLimitsValidator>()
            .BindConfiguration(UserLimits.SectionName);
        services.AddMetrics();
        services.TryAddSingleton<GrainMetrics>();
        services.TryAddSingleton<KnownUsers>();
        services.TryAddSingleton<ManySockets>();
        services.TryAddSingleton<ChatRules>();
        services.TryAddSingleton<StreamRules>();
        return services;
    }
}
