using Microsoft.Playwright;

namespace NewLoom.Tests.Clients;

/// <summary>One user's tab with the page's view of chats, and what a person sees and does there.</summary>
internal sealed class ChatTab : PageTab
{
    private ChatTab(IPage page)
        : base(page)
    {
    }

    /// <summary>Opens the page and waits until it is online in chat 123.</summary>
    public static async Task<ChatTab> OpenAsync(IBrowserContext window, Uri url)
    {
        var tab = new ChatTab(await window.NewPageAsync());
        await tab.GoAsync(url);
        await Assertions.Expect(tab.Page.Locator("#chat-name")).ToHaveTextAsync("Development");
        return tab;
    }

    /// <summary>Types without sending.</summary>
    public Task TypeAsync(string text) => Page.Locator("#text").PressSequentiallyAsync(text);

    /// <summary>Sends what has been typed.</summary>
    public Task PressEnterAsync() => Page.Locator("#text").PressAsync("Enter");

    public async Task SendAsync(string text)
    {
        await Page.Locator("#text").FillAsync(text);
        await PressEnterAsync();
    }

    public Task ExpectTypingAsync(string line) => Assertions.Expect(Page.Locator("#typing")).ToHaveTextAsync(line);

    /// <summary>Waits until the conversation is exactly this, oldest first.</summary>
    public Task ExpectMessagesAsync(params string[] contents) =>
        Assertions.Expect(Page.Locator("#messages .content")).ToHaveTextAsync(contents);

    /// <summary>Waits until the newest message is this.</summary>
    public Task ExpectLastMessageAsync(string content) =>
        Assertions.Expect(Page.Locator("#messages .content").Last).ToHaveTextAsync(content);

    /// <summary>Waits until the newest own message carries this mark.</summary>
    public Task ExpectProgressAsync(string label) =>
        Assertions.Expect(Page.Locator(".ticks").Last).ToHaveAttributeAsync("aria-label", label);
}
