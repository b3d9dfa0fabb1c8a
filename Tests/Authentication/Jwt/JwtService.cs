using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>A running service that takes tokens signed with the forge's secret.</summary>
public sealed class JwtService : IAsyncLifetime
{
    public ServiceProcess Service { get; } = new(new Dictionary<string, string?>
    {
        ["NewLoom__Authentication__Jwt__Keys__0__Secret"] = JwtForge.Secret,
        ["NewLoom__Authentication__Jwt__Audience"] = "newloom",
    });

    public async ValueTask InitializeAsync() => await Service.StartAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
