using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using NewLoom.Gateway.Authentication.Keys;
using NewLoom.Gateways;
using NewLoom.Tests.Users;
using Orleans.TestingHost;

namespace NewLoom.Tests.Authentication.Keys;

/// <summary>Gateways that share the keys of one cluster.</summary>
public sealed class KeyKeeperTests : IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private InProcessTestCluster? _cluster;

    private IGrainFactory Grains => _cluster!.Client;

    private IDataProtectionKeysGrain Shared => Grains.GetGrain<IDataProtectionKeysGrain>(0);

    public async ValueTask InitializeAsync() =>
        _cluster = await UsersCluster.StartAsync(new FakeChatStore(), new FakePublisher(), time: null);

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task TenGateways_StartingAtOnce_MakeOneKey_AndReadEachOther()
    {
        var gateways = Enumerable.Range(0, 10).Select(_ => new KeyedGateway(Grains)).ToList();
        try
        {
            await Task.WhenAll(gateways.Select(gateway => gateway.StartAsync(_ct)));

            Assert.Single(await Shared.ListAsync(_ct));
            var texts = gateways.Select(gateway => gateway.Protector.Protect("secret")).ToList();
            Assert.All(gateways, gateway =>
                Assert.All(texts, text => Assert.Equal("secret", gateway.Protector.Unprotect(text))));
        }
        finally
        {
            await Task.WhenAll(gateways.Select(gateway => gateway.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task Key_IsNotAdded_WhenAnotherWas()
    {
        var (first, second) = (new DataProtectionKey { Xml = "<a/>" }, new DataProtectionKey { Xml = "<b/>" });
        Assert.Equal(first, Assert.Single(await Shared.AddAsync(first, knownCount: 0, _ct)));
        Assert.Equal(first, Assert.Single(await Shared.AddAsync(second, knownCount: 0, _ct)));
        Assert.Equal([first, second], await Shared.AddAsync(second, knownCount: 1, _ct));
        Assert.DoesNotContain("<a/>", first.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The key ring keeps what it read for a day; what it writes with shows whether it was told.</summary>
    [Fact]
    public async Task RunningGateway_TakesUpAKeyOfAnother_AtItsNextLook()
    {
        await using var running = new KeyedGateway(Grains);
        await running.StartAsync(_ct);
        var before = running.UsedKey();

        var added = await AddPreferredKeyAsync();
        Assert.NotEqual(before, added);
        Assert.Equal(before, running.UsedKey());

        await running.LookAgainAsync(_ct);
        await running.UntilUsedAsync(added, _ct);
    }

    [Fact]
    public async Task Gateway_WaitsForItsKeys_WhenStorageIsAway()
    {
        var grains = LateKeys.On(Grains, failureCount: 2);
        await using var gateway = new KeyedGateway(grains);
        var start = gateway.StartAsync(_ct);
        for (var i = 0; i < 2; i++)
        {
            await gateway.Time.WaitForTimersAsync(1, _ct);
            Assert.False(start.IsCompleted);
            gateway.Time.Advance(TimeSpan.FromSeconds(2));
        }

        await start;
        Assert.Single(gateway.Keys);
    }

    [Fact]
    public async Task Successor_IsMadeOnce_AWeekBeforeTheNewestEnds()
    {
        await using var first = new KeyedGateway(Grains);
        await using var second = new KeyedGateway(Grains);
        await first.StartAsync(_ct);
        await second.StartAsync(_ct);

        await first.LookAgainAsync(_ct, KeyPlan.Lifetime - KeyPlan.Lead);
        await second.LookAgainAsync(_ct, KeyPlan.Lifetime - KeyPlan.Lead);

        Assert.Equal(2, (await Shared.ListAsync(_ct)).Length);
        var keys = second.Keys.OrderBy(key => key.ActivationDate).ToList();
        Assert.Equal(2, keys.Count);
        Assert.Equal(keys[0].ExpirationDate, keys[1].ActivationDate);
        Assert.Equal(keys.Select(key => key.KeyId).Order(), first.Keys.Select(key => key.KeyId).Order());
        Assert.Equal("secret", first.Protector.Unprotect(second.Protector.Protect("secret")));
    }

    /// <summary>Adds a key that is used as soon as it is known: it is old enough that all should have it, and no other
    /// came into use later.</summary>
    private async Task<Guid> AddPreferredKeyAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var services = new ServiceCollection().AddLogging().AddSharedKeys().BuildServiceProvider();
        var key = services.GetRequiredService<XmlKeyManager>().CreateNewKey(now.AddMinutes(1), now.AddDays(90));
        var xml = XElement.Parse(services.GetRequiredService<KnownKeys>().TakeCreated().Xml);
        xml.SetElementValue("creationDate", now.AddDays(-3));
        await Shared.AddAsync(new DataProtectionKey { Xml = xml.ToString() }, knownCount: 1, _ct);
        return key.KeyId;
    }
}
