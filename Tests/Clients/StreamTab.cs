using Microsoft.Playwright;

namespace NewLoom.Tests.Clients;

/// <summary>One user's tab with the page's view of streams, and what a person sees there of one stream.</summary>
internal sealed class StreamTab : PageTab
{
    private readonly long _streamId;

    private StreamTab(IPage page, long streamId)
        : base(page) => _streamId = streamId;

    private ILocator Card => Page.Locator($"[data-stream='{_streamId}']");

    /// <summary>Opens the page and waits until it is online and shows the stream.</summary>
    public static async Task<StreamTab> OpenAsync(IBrowserContext window, Uri url, long streamId)
    {
        var tab = new StreamTab(await window.NewPageAsync(), streamId);
        await tab.GoAsync(new Uri(url, $"{url.PathAndQuery}#streams"));
        await Assertions.Expect(tab.Card).ToBeVisibleAsync();
        return tab;
    }

    /// <summary>Another stream on the same page.</summary>
    public StreamTab Of(long streamId) => new(Page, streamId);

    public Task ExpectStatusAsync(string status) => Assertions.Expect(Card.Locator(".status")).ToHaveTextAsync(status);

    /// <summary>Waits until the line below the name ends with this.</summary>
    public Task ExpectFactsAsync(string facts) => Assertions.Expect(Card.Locator(".facts")).ToContainTextAsync(facts);

    /// <summary>Waits until the counters and the bar show this, the bar's parts in percent of its width.</summary>
    public async Task ExpectProgressAsync(string text, double processed, double failed)
    {
        var bar = Card.GetByRole(AriaRole.Progressbar);
        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-valuetext", text);
        var whole = (await bar.BoundingBoxAsync())!.Width;
        Assert.Equal(processed, await PercentAsync(".processed"), tolerance: 0.5);
        Assert.Equal(failed, await PercentAsync(".failed"), tolerance: 0.5);

        async Task<double> PercentAsync(string part) =>
            100 * ((await bar.Locator(part).BoundingBoxAsync())?.Width ?? 0) / whole;
    }

    /// <summary>Waits until the bar says only how much is done, not how much of what.</summary>
    public async Task ExpectEndlessProgressAsync(string text)
    {
        var bar = Card.Locator(".bar.endless");
        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-valuetext", text);
        Assert.Null(await bar.GetAttributeAsync("aria-valuenow"));
        Assert.Equal(0, (await bar.Locator(".processed").BoundingBoxAsync())?.Width ?? 0);
    }

    /// <summary>Waits until the line on the last change of status begins with this.</summary>
    public Task ExpectSinceAsync(string text) => Assertions.Expect(Card.Locator(".since")).ToContainTextAsync(text);

    /// <summary>Waits until the card is gone.</summary>
    public Task ExpectGoneAsync() => Assertions.Expect(Card).ToHaveCountAsync(0);

    /// <summary>Waits until the errors are exactly these, the newest first.</summary>
    public Task ExpectErrorsAsync(params string[] messages) =>
        Assertions.Expect(Card.Locator(".errors .content")).ToHaveTextAsync(messages);

    /// <summary>Waits until the chart shows that items are being processed.</summary>
    public async Task ExpectRateAsync()
    {
        await Assertions.Expect(Card.Locator(".rate svg")).ToBeVisibleAsync();
        await Assertions.Expect(Card.Locator("figcaption")).ToContainTextAsync("in the last minute");
    }

    /// <summary>Waits until the card is marked as what was true before the connection was lost, or not.</summary>
    public Task ExpectStaleAsync(bool isStale)
    {
        var stale = Page.Locator($".stale[data-stream='{_streamId}']");
        return Assertions.Expect(stale).ToHaveCountAsync(isStale ? 1 : 0);
    }

    /// <summary>Shows streams of this status only, or all again.</summary>
    public Task FilterAsync(string status) =>
        Page.Locator("#status-filter button", new() { HasText = status }).ClickAsync();

    public Task ExpectShownAsync(bool isShown) =>
        Assertions.Expect(Card).ToBeVisibleAsync(new() { Visible = isShown });

    /// <summary>How far the page, or the view that scrolls by itself, is wider than the window, in pixels.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>(
        "Math.max(...['html', '#streams-view'].map(each => document.querySelector(each).scrollWidth)) - innerWidth");

    public Task<string> ColourAsync() =>
        Card.Locator(".status").EvaluateAsync<string>("badge => getComputedStyle(badge).color");

    /// <summary>Evaluates a script in the page.</summary>
    public Task<T> EvaluateAsync<T>(string script) => Page.EvaluateAsync<T>(script);
}
