using Microsoft.Playwright;

namespace NewLoom.Tests.Support;

/// <summary>The machine's Chromium without a window, started when a test first asks for a tab.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    /// <summary>How long a test waits for what it expects of a page, in milliseconds: a busy machine is slow.</summary>
    private const float ExpectLimitMs = 20_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Opens tabs of one browser window, each with a session storage of its own.</summary>
    public async Task<IBrowserContext> OpenWindowAsync(BrowserNewContextOptions? options = null)
    {
        var path = Requirement.Program("chromium", "chromium-browser", "google-chrome");
        Assertions.SetDefaultExpectTimeout(ExpectLimitMs);
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments });
        return await _browser.NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
