using Microsoft.Playwright;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Clients;

/// <summary>The page in a phone's narrow window, with everything as long as it may be.</summary>
[Collection(SharedService.Name)]
public sealed class PhoneTests(ServiceFixture fixture, Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(375, ColorScheme.Dark)]
    public async Task Streams_FitAPhone(int width, ColorScheme scheme)
    {
        var longest = new string('W', 4_000);
        var size = new ViewportSize { Width = width, Height = 740 };
        await using var window = await browser.OpenWindowAsync(new() { ViewportSize = size, ColorScheme = scheme });
        var (alice, claudia) = (
            await fixture.World.UserAsync(),
            await fixture.World.UserAsync($"claudia.featherstonehaugh+{Guid.NewGuid():N}@example.org"));
        using var job = await PageJob.OpenAsync(fixture.Service, alice.Token, longest[..200], claudia.Name);
        await job.StatusAsync("running");
        await job.StatsAsync(processed: 9_007_199_254_740_000, failed: 1, total: 9_007_199_254_740_991);
        await job.ErrorAsync(longest);

        var page = new Uri($"{fixture.Service.HttpUri}?token={claudia.Token}");
        var tab = await StreamTab.OpenAsync(window, page, job.StreamId);
        await tab.ExpectErrorsAsync(longest);
        await job.StatusAsync("paused");
        await tab.ExpectSinceAsync("paused since");

        Assert.Equal(0, await tab.OverflowAsync());
        Assert.Empty(tab.Errors);
    }
}
