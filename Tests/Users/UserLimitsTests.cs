using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NewLoom.Grains.Users;

namespace NewLoom.Tests.Users;

public sealed class UserLimitsTests
{
    [Fact]
    public void Limits_HaveTheDocumentedDefaults()
    {
        var limits = Read([]);
        Assert.Equal(
            (20, 40, 20, 100_000, 10_000),
            (limits.MessagesPerSecond, limits.MessagesBurst, limits.OpenSockets, limits.ChatMembers, limits.Chats));
    }

    [Fact]
    public void Limits_AreConfigured_UnderNewLoomLimits() =>
        Assert.Equal(3, Read(new() { ["NewLoom:Limits:OpenSockets"] = "3" }).OpenSockets);

    [Fact]
    public void WrongLimits_AreNamed()
    {
        var e = Assert.Throws<OptionsValidationException>(() => Read(new()
        {
            ["NewLoom:Limits:OpenSockets"] = "0",
            ["NewLoom:Limits:MessagesBurst"] = "8",
        }));
        Assert.Contains("OpenSockets", e.Message);
        Assert.Contains("MessagesBurst", e.Message);
    }

    private static UserLimits Read(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddUserGrains();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<UserLimits>>().Value;
    }
}
