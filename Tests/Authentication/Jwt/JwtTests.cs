using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NewLoom.Audit;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Authentication.Jwt;
using NewLoom.Tests.Users;
using NewLoom.Users;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>What the tests of JSON Web Tokens share: a forge, a clock, an existing user, and the service's own
/// verifier.</summary>
[Collection<SharedUsers>]
public abstract class JwtTests(UsersCluster cluster) : IDisposable
{
    private readonly List<ServiceProvider> _services = [];

    private protected JwtForge Forge { get; } = new();

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    private protected DateTimeOffset Later => Time.GetUtcNow().AddMinutes(5);

    private protected string User { get; } = $"u{Guid.NewGuid():N}";

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _services.ForEach(services => services.Dispose());
        Forge.Dispose();
    }

    /// <summary>The verifier of a service that is configured like this, each key below
    /// <c>NewLoom:Authentication:Jwt</c>.</summary>
    private protected ITokenVerifier Verifier(params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting =>
            KeyValuePair.Create($"{JwtOptions.SectionName}:{setting.Key}", setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<TimeProvider>(Time).AddSingleton(cluster.Grains);
        services.AddAuthentication().AddNewLoomJwt();
        _services.Add(services.BuildServiceProvider());
        return _services[^1].GetServices<ITokenVerifier>().Single();
    }

    /// <summary>The claims of a token that passes.</summary>
    private protected JsonObject Claims(params (string Name, JsonNode? Value)[] more)
    {
        var claims = JwtForge.Claims(User, Later);
        foreach (var (name, value) in more)
        {
            claims[name] = value;
        }

        return claims;
    }

    private protected Task CreateUserAsync() => cluster.Grains.GetGrain<IUserGrain>(UserKeys.ForUser(User)).CreateAsync(Actor.Administrator, Ct);

    private protected async Task AssertPassesAsync(ITokenVerifier verifier, string token)
    {
        await CreateUserAsync();
        Assert.Equal(User, (await verifier.VerifyAsync(token, Ct))?.User);
    }

    private protected async Task AssertFailsAsync(ITokenVerifier verifier, string token)
    {
        await CreateUserAsync();
        Assert.Null(await verifier.VerifyAsync(token, Ct));
    }
}
