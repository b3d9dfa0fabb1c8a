using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NewLoom.Gateway;
using NewLoom.Silo;

namespace NewLoom.Tests.Deploy;

/// <summary>How long the programs take to stop at the longest.</summary>
internal static class ShutdownTimes
{
    /// <summary>What there is beside it: the signal, the end of the process.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    public static TimeSpan Silo => SiloHosting.ShutdownTimeout;

    /// <summary>A gateway's: what its host is told, with the drain in it.</summary>
    /// <param name="drainWindow">The configured one, if one is.</param>
    public static TimeSpan Gateway(string? drainWindow = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["NewLoom:Drain:Window"] = drainWindow;
        builder.AddNewLoomGateway();
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
    }
}
