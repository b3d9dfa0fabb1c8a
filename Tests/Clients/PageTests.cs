using NewLoom.Tests.Support;

namespace NewLoom.Tests.Clients;

/// <summary>The page at <c>/</c> in a real browser: alice and bob, each in a tab.</summary>
public sealed class PageTests(DevelopmentFixture development, Browser browser)
    : IClassFixture<DevelopmentFixture>, IClassFixture<Browser>
{
    [Fact]
    public async Task Tabs_ChatWithEachOther_AlsoAfterTheServiceWasKilled()
    {
        await using var window = await browser.OpenWindowAsync();
        var alice = await ChatTab.OpenAsync(window, development.PageUrl("alice"));
        var bob = await ChatTab.OpenAsync(window, development.PageUrl("bob"));

        var typingSeen = bob.ExpectTypingAsync("alice is typing…");
        await alice.TypeAsync("Hello bob");
        await typingSeen;
        await alice.PressEnterAsync();
        await bob.ExpectMessagesAsync("Hello bob");
        await bob.ExpectTypingAsync("");
        await alice.ExpectProgressAsync("read: bob");

        await development.Service.KillAsync(TestContext.Current.CancellationToken);
        await alice.ExpectOfflineAsync();
        await bob.ExpectOfflineAsync();
        await alice.SendAsync("Are you still there?");
        await development.Service.StartAsync(TestContext.Current.CancellationToken);
        await alice.ExpectOnlineAsync();
        await bob.ExpectOnlineAsync();

        string[] conversation = ["Hello bob", "Are you still there?"];
        await bob.ExpectMessagesAsync(conversation);
        await alice.ExpectMessagesAsync(conversation);
        await alice.ExpectProgressAsync("read: bob");
        await bob.SendAsync("Always.");
        await alice.ExpectMessagesAsync([.. conversation, "Always."]);
        await bob.ExpectProgressAsync("read: alice");

        Assert.Empty(alice.Errors);
        Assert.Empty(bob.Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("page.js")]
    [InlineData("streams/style.css")]
    public async Task File_IsServedSafely(string path)
    {
        using var http = new HttpClient { BaseAddress = development.Service.HttpUri };

        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.True(answer.Headers.CacheControl!.NoCache);
    }
}
