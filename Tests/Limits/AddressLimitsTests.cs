using System.Net;
using Microsoft.Extensions.Options;
using NewLoom.Gateway.Limits;

namespace NewLoom.Tests.Limits;

public sealed class AddressLimitsTests : IDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");

    private readonly AddressLimits _limits = new(Options.Create(new AddressLimitOptions()));

    public void Dispose() => _limits.Dispose();

    [Fact]
    public void Options_HaveTheDocumentedDefaults()
    {
        var options = new AddressLimitOptions();
        Assert.Equal(
            (20, 20, TimeSpan.FromSeconds(10)),
            (options.FailedAuthenticationsPerMinute, options.UnauthenticatedSockets, options.AuthenticationTimeout));
    }

    [Fact]
    public void Address_IsBlockedForAMinute_WhenItHasFailedTwentyTimes()
    {
        Fail(Address, 19);
        Assert.Null(_limits.FindBlock(Address));
        Fail(Address, 1);
        Assert.Equal(TimeSpan.FromMinutes(1), _limits.FindBlock(Address));
        Assert.Null(_limits.FindBlock(Other));
    }

    [Fact]
    public void Address_IsNotCounted_WhenItIsOnlyAskedAbout()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Null(_limits.FindBlock(Address));
        }
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("fe80::1%1", "fe80::2%2", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("0.0.0.1", "::1", false)]
    [InlineData("::", "::ffff:0.0.0.0", false)]
    public void Addresses_AreCountedAsOne_WhenOneClientMayHaveBoth(string first, string second, bool isOne)
    {
        Fail(IPAddress.Parse(first), 20);
        Assert.NotNull(_limits.FindBlock(IPAddress.Parse(first)));
        Assert.Equal(isOne, _limits.FindBlock(IPAddress.Parse(second)) is not null);
    }

    [Fact]
    public void ClientsWithoutAnAddress_AreOne()
    {
        Fail(null, 20);
        Assert.NotNull(_limits.FindBlock(null));
        Assert.Null(_limits.FindBlock(IPAddress.Any));
    }

    [Fact]
    public void Place_IsRefused_WhenTwentySocketsWait_AndGivenBack()
    {
        var places = Enumerable.Range(0, 20).Select(_ => _limits.TryWait(Address)).ToList();
        Assert.All(places, Assert.NotNull);
        Assert.Null(_limits.TryWait(Address));
        Assert.NotNull(_limits.TryWait(Other));

        places[0]!.Dispose();
        Assert.NotNull(_limits.TryWait(Address));
        Assert.Null(_limits.TryWait(Address));
    }

    private void Fail(IPAddress? address, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _limits.CountFailure(address);
        }
    }
}
