using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Clients;

/// <summary>The page's view of streams in a real browser: alice's job reports, bob watches.</summary>
public sealed class StreamPageTests(DevelopmentFixture development, Browser browser)
    : IClassFixture<DevelopmentFixture>, IClassFixture<Browser>
{
    private static readonly ViewportSize Phone = new() { Width = 360, Height = 740 };

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
        await bob.ExpectProgressAsync("0 processed and 0 failed of 0", processed: 0, failed: 0);
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

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Tab_FitsAPhone(ColorScheme scheme)
    {
        await using var window = await browser.OpenWindowAsync(new() { ViewportSize = Phone, ColorScheme = scheme });
        using var job = await JobAsync(new string('W', 200));
        await job.StatusAsync("running");
        await job.StatsAsync(processed: 9_007_199_254_740_000, failed: 1, total: 9_007_199_254_740_991);
        await job.ErrorAsync(new string('W', 4_000));
        var bob = await StreamTab.OpenAsync(window, development.PageUrl("bob"), job.StreamId);
        await bob.ExpectErrorsAsync(new string('W', 4_000));

        Assert.Equal(0, await bob.OverflowAsync());
        Assert.Empty(bob.Errors);
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

    private async Task<Job> JobAsync(string name)
    {
        var http = development.Service.Http(development.Token("alice"));
        var made = await http.PostAsJsonAsync("api/streams", new { name, viewers = new[] { "bob" } }, Ct);
        var stream = await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(Ct);
        return new Job(http, stream!.Get<long>("stream_id"));
    }

    /// <summary>A job of alice's, reporting over HTTP.</summary>
    private sealed record Job(HttpClient Http, long StreamId) : IDisposable
    {
        public Task StatusAsync(string status) => ReportAsync("status", new { status });

        public Task StatsAsync(long processed, long failed, long total) => ReportAsync(
            "stats", new { processed_count = processed, failed_count = failed, total_count = total });

        public Task ErrorAsync(string message) => ReportAsync("errors", new { message, code = "E" });

        public void Dispose() => Http.Dispose();

        private async Task ReportAsync(string kind, object body) =>
            (await Http.PostAsJsonAsync($"api/streams/{StreamId}/{kind}", body, Ct)).EnsureSuccessStatusCode();
    }
}
