using System.Text.RegularExpressions;

namespace NewLoom.Tests.Support;

/// <summary>The service as a developer starts it: with alice, bob, chat 123 and printed URLs.</summary>
public partial class DevelopmentFixture : ServiceFixture
{
    public DevelopmentFixture()
        : this(new Dictionary<string, string?>())
    {
    }

    /// <param name="more">Settings beside those of development.</param>
    protected DevelopmentFixture(IReadOnlyDictionary<string, string?> more)
        : base(new Dictionary<string, string?>(more)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["NewLoom__AdminToken"] = null,
        })
    {
    }

    /// <summary>The page's URL that was printed for the user.</summary>
    public Uri PageUrl(string username)
    {
        var printed = PageUrls().Matches(Service.Output).LastOrDefault(match => match.Groups["user"].Value == username);
        Assert.True(printed is not null, $"No URL was printed for {username}:\n{Service.Output}");
        return new Uri(printed.Groups["url"].Value);
    }

    /// <summary>The token in it.</summary>
    public string Token(string username) => PageUrl(username).Query["?token=".Length..];

    [GeneratedRegex(@"^ +(?<user>\w+): (?<url>https?://\S+)$", RegexOptions.Multiline)]
    private static partial Regex PageUrls();
}
