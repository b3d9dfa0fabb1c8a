using NewLoom.Tests.Support;

namespace NewLoom.Tests.Clients;

/// <summary>The page's view of streams in a real browser: alice's job reports, bob watches.</summary>
public sealed class StreamPageTests(DevelopmentFixture development, Browser browser)
    : IClassFixture<DevelopmentFixture>, IClassFixture<Browser>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tab_ShowsAJob_FromItsStartToItsEnd_WithoutReload()
    {
        await using var window = await browser.OpenWindowAsync();
        using var job = await JobAsync("A job");
        var bob = await StreamTab.OpenAsync(window, development.PageUrl("bob"), job.StreamId);
        await bob.ExpectStatusAsync("pending");
        var pending = await bob.ColourAsync();

        await job.StatusAsync("running");
        await bob.ExpectStatusAsync("running");
        await job.StatsAsync(processed: 10, failed: 0, total: 200);
        await bob.ExpectProgressAsync("10 processed and 0 failed of 200", processed: 5, failed: 0);
        await job.StatsAsync(processed: 50, failed: 20, total: 200);
        await bob.ExpectProgressAsync("50 processed and 20 failed of 200", processed: 25, failed: 10);
        await bob.ExpectRateAsync();
        await job.ErrorAsync("The <b>first</b> error");
        await job.ErrorAsync("Another");
        await bob.ExpectErrorsAsync("Another", "The <b>first</b> error");
        await job.StatusAsync("failed");
        await bob.ExpectStatusAsync("failed");
        Assert.NotEqual(pending, await bob.ColourAsync());

        await job.StatusAsync("running");
        await bob.ExpectFactsAsync("execution 2");
        await bob.ExpectErrorsAsync();
        await bob.ExpectEndlessProgressAsync("0 processed and 0 failed so far");
        Assert.Empty(bob.Errors);
    }

    [Fact]
    public async Task Tab_SaysThatItKnowsNothingNewer_WhileTheServiceIsDown_AndGoesOn()
    {
        await using var window = await browser.OpenWindowAsync();
        using var job = await JobAsync("A durable job");
        await job.StatusAsync("running");
        await job.ErrorAsync("Before");
        var bob = await StreamTab.OpenAsync(window, development.PageUrl("bob"), job.StreamId);
        await bob.ExpectErrorsAsync("Before");

        await development.Service.KillAsync(Ct);
        await bob.ExpectOfflineAsync();
        await bob.ExpectStaleAsync(isStale: true);
        await development.Service.StartAsync(Ct);
        await bob.ExpectOnlineAsync();
        await bob.ExpectStaleAsync(isStale: false);

        await job.ErrorAsync("After");
        await bob.ExpectErrorsAsync("After", "Before");
        Assert.Empty(bob.Errors);
    }

    [Fact]
    public async Task Tab_ShowsAStreamAsSoonAsItMay_AndOnlyThoseOfOneStatusWhenAsked()
    {
        await using var window = await browser.OpenWindowAsync();
        using var first = await JobAsync("First");
        await first.StatusAsync("paused");
        var bob = await StreamTab.OpenAsync(window, development.PageUrl("bob"), first.StreamId);

        using var second = await JobAsync("Second");
        await second.StatusAsync("cancelled");
        await bob.FilterAsync("cancelled");
        await bob.ExpectShownAsync(isShown: false);
        await first.StatusAsync("cancelled");
        await bob.ExpectShownAsync(isShown: true);
        await bob.FilterAsync("cancelled");
        await first.StatusAsync("running");
        await bob.ExpectShownAsync(isShown: true);
        Assert.Empty(bob.Errors);
    }

    [Fact]
    public async Task Tab_DropsAStream_ThatIsDeleted_OrMayNotBeViewedAnyMore()
    {
        await using var window = await browser.OpenWindowAsync();
        using var deleted = await JobAsync("Deleted");
        using var revoked = await JobAsync("Revoked");
        await revoked.StatusAsync("running");
        var bob = await StreamTab.OpenAsync(window, development.PageUrl("bob"), deleted.StreamId);
        var other = bob.Of(revoked.StreamId);
        await other.ExpectStatusAsync("running");

        await deleted.DeleteAsync();
        await bob.ExpectGoneAsync();
        await other.ExpectShownAsync(isShown: true);
        await revoked.RevokeAsync("bob");
        await other.ExpectGoneAsync();
        Assert.Empty(bob.Errors);
    }

    [Fact]
    public async Task Clock_GoesOnBetweenReports_AndEndsWithTheServicesTime()
    {
        await using var window = await browser.OpenWindowAsync();
        using var job = await JobAsync("A silent job");
        var bob = await StreamTab.OpenAsync(window, development.PageUrl("bob"), job.StreamId);

        await job.StatusAsync("running");
        await bob.ExpectSinceAsync("running since");
        await bob.ExpectFactsAsync("00:00:02");
        await job.StatusAsync("completed");

        await bob.ExpectSinceAsync("completed at");
        var time = await job.PastTimeAsync();
        Assert.NotEqual("00:00:00", time);
        await bob.ExpectFactsAsync($"execution 1 · {time}");
        Assert.Empty(bob.Errors);
    }

    [Fact]
    public async Task Bar_ShowsNoPart_WhileTheWholeIsUnknown()
    {
        await using var window = await browser.OpenWindowAsync();
        using var job = await JobAsync("A job without a total");
        var bob = await StreamTab.OpenAsync(window, development.PageUrl("bob"), job.StreamId);
        await job.StatusAsync("running");

        await job.StatsAsync(processed: 7, failed: 1);
        await bob.ExpectEndlessProgressAsync("7 processed and 1 failed so far");
        await job.StatsAsync(processed: 7, failed: 1, total: 16);
        await bob.ExpectProgressAsync("7 processed and 1 failed of 16", processed: 43.75, failed: 6.25);
        await job.StatsAsync(processed: 16, failed: 1);
        await bob.ExpectEndlessProgressAsync("16 processed and 1 failed so far");
        await job.StatusAsync("completed");
        await bob.ExpectProgressAsync("16 processed and 1 failed of 17", processed: 94.1, failed: 5.9);
        Assert.Empty(bob.Errors);
    }

    [Fact]
    public async Task Moment_HasItsDay_UnlessThatIsToday()
    {
        await using var window = await browser.OpenWindowAsync();
        var bob = await StreamTab.OpenAsync(window, development.PageUrl("bob"), streamId: 123);

        var moments = await bob.EvaluateAsync<string[]>("""
            async () => {
              const { momentOf } = await import('/streams/time.js');
              const now = new Date(2024, 1, 5, 12);
              return [new Date(2024, 1, 5, 11), new Date(2024, 1, 4, 23)].map((moment) => momentOf(moment, now));
            }
            """);

        Assert.DoesNotContain("2024", moments[0], StringComparison.Ordinal);
        Assert.Contains("11", moments[0], StringComparison.Ordinal);
        Assert.Contains("2024", moments[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[0, 1_000], [10, 2_000]]", "10")]
    [InlineData("[[0, 1_000], [4, 2_200], [10, 2_800]]", "10")]    // what was done by the second's end
    [InlineData("[[5, 1_000], [35, 4_000]]", "10,10,10")]    // steady between two reports
    [InlineData("[[0, 1_000], [10, 1_500]]", "10")]    // also in the second in which counting began
    [InlineData("[[5, 1_000], [10, 5_500]]", "1.25,1.25,1.25")]    // the second under way is left out
    public async Task Rate_IsCountedBySeconds(string reports, string expected)
    {
        await using var window = await browser.OpenWindowAsync();
        var bob = await StreamTab.OpenAsync(window, development.PageUrl("bob"), streamId: 123);

        var rates = await bob.EvaluateAsync<double[]>($$"""
            async () => {
              const { Rate } = await import('/streams/rate.js');
              const rate = new Rate();
              {{reports}}.forEach(([count, atMs]) => rate.note(count, atMs));
              return rate.perSecond(5_000);
            }
            """);

        Assert.Equal(60, rates.Length);
        Assert.Equal(expected, string.Join(',', rates.Where(rate => rate > 0)));
    }

    private Task<PageJob> JobAsync(string name) =>
        PageJob.OpenAsync(development.Service, development.Token("alice"), name, "bob");
}
