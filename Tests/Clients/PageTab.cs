using Microsoft.Playwright;

namespace NewLoom.Tests.Clients;

/// <summary>One user's tab with the page at <c>/</c>, whatever it shows.</summary>
internal abstract class PageTab(IPage page)
{
    /// <summary>What a browser writes by itself for every connection that fails; no script can prevent it.</summary>
    private const string FailedConnection = "WebSocket connection to";

    /// <summary>The page's longest pause between two tries, and a little more, in milliseconds.</summary>
    private const float ReconnectLimitMs = 40_000;

    private readonly List<string> _errors = [];

    /// <summary>Errors of the page's scripts and of the browser, but for connections that failed.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_errors)
            {
                return [.. _errors];
            }
        }
    }

    protected IPage Page => page;

    public Task ExpectOnlineAsync() =>
        Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("Online", new() { Timeout = ReconnectLimitMs });

    public Task ExpectOfflineAsync() => Assertions.Expect(page.Locator("#state")).Not.ToHaveTextAsync("Online");

    /// <summary>Opens the page and waits until it is online.</summary>
    protected async Task GoAsync(Uri url)
    {
        page.Console += (_, message) => Note(message);
        page.PageError += (_, error) => Note(error);
        await page.GotoAsync(url.AbsoluteUri);
        await ExpectOnlineAsync();
    }

    private void Note(IConsoleMessage message)
    {
        var isExpected = message.Text.StartsWith(FailedConnection, StringComparison.Ordinal);
        if (message.Type is "error" or "warning" && !isExpected)
        {
            Note(message.Text);
        }
    }

    private void Note(string error)
    {
        lock (_errors)
        {
            _errors.Add(error);
        }
    }
}
