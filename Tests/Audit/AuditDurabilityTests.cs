using NewLoom.Tests.Authentication;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Audit;

/// <summary>What was answered is recorded, whatever happens to the process then.</summary>
public sealed class AuditDurabilityTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_SurviveTheProcess_WhenItIsKilledRightAfterTheAnswer()
    {
        await using var service = new ServiceProcess();
        await service.StartAsync(_ct);
        var world = new World(service);
        var alice = await world.UserAsync();
        await service.KillAsync(_ct);
        await service.StartAsync(_ct);
        Assert.Equal(["user.created", "token.issued"], await ActionsAsync(service, alice.Name));

        await world.ChatAsync(alice);
        await service.KillAsync(_ct);
        await service.StartAsync(_ct);
        Assert.Equal("chat.created", (await ActionsAsync(service, alice.Name))[^1]);

        await Credentials.DeleteUserAsync(service, alice.Name);
        await service.KillAsync(_ct);
        await service.StartAsync(_ct);
        Assert.Equal(
            ["user.created", "token.issued", "chat.created", "user.deleted", "token.revoked", "chat.deleted"],
            await ActionsAsync(service, alice.Name));
    }

    [Fact]
    public async Task DevelopmentUsers_AreTheSystemsWork()
    {
        await using var service = new ServiceProcess(new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["NewLoom__AdminToken"] = null,
        });
        await service.StartAsync(_ct);
        await service.StopAsync(_ct);
        await using var storage = new Storage.TestStorage(service.Database);

        var entries = await storage.Audit.ReadAsync("alice", 0, 100, _ct);
        Assert.Equal(
            ["user.created", "token.issued", "chat.created", "stream.created", "stream.view_granted",
                "stream.publish_granted"],
            entries.Select(entry => entry.Action));
        Assert.All(entries, entry => Assert.Equal("(system)", entry.Actor));
    }

    private static async Task<List<string>> ActionsAsync(ServiceProcess service, string user)
    {
        var entries = await AuditLog.OfAsync(service, user);
        return [.. entries.Select(entry => entry.Get<string>("action"))];
    }
}
