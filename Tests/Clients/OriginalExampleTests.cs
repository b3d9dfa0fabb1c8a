using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Clients;

/// <summary>The JavaScript example of the API's original document, to the letter, against this service.</summary>
public sealed partial class OriginalExampleTests(DevelopmentFixture development, NodeClients node, Browser browser)
    : IClassFixture<DevelopmentFixture>, IClassFixture<NodeClients>, IClassFixture<Browser>
{
    [Fact]
    public async Task Example_IsTheDocuments()
    {
        var ct = TestContext.Current.CancellationToken;
        var document = await File.ReadAllTextAsync(PathOf("original-websocket-api.rst"), ct);
        var block = JavaScriptBlock().Match(document).Groups["lines"].Value;
        var example = await File.ReadAllTextAsync(PathOf("original.js"), ct);

        Assert.Equal(Indent().Replace(block, "").TrimEnd(), example.TrimEnd());
    }

    [Fact]
    public async Task Example_SeesItsMessage_WhenRunWithTheWsPackage()
    {
        var run = await node.RunAsync(
            "run-original.mjs", development.Service.HttpUri.Authority, development.Token("alice"));

        Assert.True(run.ExitCode == 0, run.Errors);
        AssertSawItsMessage(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Example_SeesItsMessage_WhenRunInABrowser()
    {
        await using var window = await browser.OpenWindowAsync();

        // Files that a test puts in count as loaded from afar, and pages from afar may not reach this machine unasked.
        await window.GrantPermissionsAsync(["local-network-access"]);
        var tab = await window.NewPageAsync();
        foreach (var name in new[] { "original.html", "original.js" })
        {
            await tab.RouteAsync($"**/{name}*", route => route.FulfillAsync(new() { Path = PathOf(name) }));
        }

        await tab.GotoAsync($"{development.Service.HttpUri}original.html?token={development.Token("alice")}");

        await Assertions.Expect(tab.Locator("#received[data-state=seen]")).ToBeVisibleAsync();
        AssertSawItsMessage(await tab.Locator("#received li").AllTextContentsAsync());
    }

    private static string PathOf(string name) => Path.Combine(NodeClients.SourceFolder, name);

    private static void AssertSawItsMessage(IEnumerable<string> lines)
    {
        var calls = lines.Select(line => JsonNode.Parse(line)!).ToList();
        Assert.All(calls, call => Assert.Equal("message", call["handler"]!.GetValue<string>()));
        var message = calls[^1]["received"]!;
        Assert.Equal("Hello, World!", message["content"]!.GetValue<string>());
        Assert.Equal("alice", message["user"]!.GetValue<string>());
        Assert.Equal(123, message["chat_id"]!.GetValue<long>());
    }

    /// <summary>From the directive to the next line that is not indented.</summary>
    [GeneratedRegex(@"^\.\. code-block:: javascript\n\n(?<lines>(?:    .*\n|\n)+)", RegexOptions.Multiline)]
    private static partial Regex JavaScriptBlock();

    [GeneratedRegex("^    ", RegexOptions.Multiline)]
    private static partial Regex Indent();
}
