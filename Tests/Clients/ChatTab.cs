using Microsoft.Playwright;

namespace NewLoom.Tests.Clients;

/// <summary>One user's tab with the chat page, and what a person sees and does there.</summary>
internal sealed class ChatTab
{
    /// <summary>What a browser writes by itself for every connection that fails; no script can prevent it.</summary>
    private const string FailedConnection = "WebSocket connection to";

    /// <summary>The page's longest pause between two tries, and a little more, in milliseconds.</summary>
    private const float ReconnectLimitMs = 40_000;

    private readonly IPage _page;
    private readonly List<string> _errors = [];

    private ChatTab(IPage page) => _page = page;

    /// <summary>Opens the page and waits until it is online in chat 123.</summary>
    public static async Task<ChatTab> OpenAsync(IBrowserContext window, Uri url)
    {
        var tab = new ChatTab(await window.NewPageAsync());
        tab._page.Console += (_, message) => tab.Note(message);
        tab._page.PageError += (_, error) => tab.Note(error);
        await tab._page.GotoAsync(url.AbsoluteUri);
        await tab.ExpectOnlineAsync();
        await Assertions.Expect(tab._page.Locator("#chat-name")).ToHaveTextAsync("Development");
        return tab;
    }

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

    /// <summary>Types without sending.</summary>
    public Task TypeAsync(string text) => _page.Locator("#text").PressSequentiallyAsync(text);

    /// <summary>Sends what has been typed.</summary>
    public Task PressEnterAsync() => _page.Locator("#text").PressAsync("Enter");

    public async Task SendAsync(string text)
    {
        await _page.Locator("#text").FillAsync(text);
        await PressEnterAsync();
    }

    public Task ExpectOnlineAsync() =>
        Assertions.Expect(_page.Locator("#state")).ToHaveTextAsync("Online", new() { Timeout = ReconnectLimitMs });

    public Task ExpectOfflineAsync() => Assertions.Expect(_page.Locator("#state")).Not.ToHaveTextAsync("Online");

    public Task ExpectTypingAsync(string line) => Assertions.Expect(_page.Locator("#typing")).ToHaveTextAsync(line);

    /// <summary>Waits until the conversation is exactly this, oldest first.</summary>
    public Task ExpectMessagesAsync(params string[] contents) =>
        Assertions.Expect(_page.Locator("#messages .content")).ToHaveTextAsync(contents);

    /// <summary>Waits until the newest own message carries this mark.</summary>
    public Task ExpectProgressAsync(string label) =>
        Assertions.Expect(_page.Locator(".ticks").Last).ToHaveAttributeAsync("aria-label", label);

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
