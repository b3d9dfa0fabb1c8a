using NewLoom.Chats;
using NewLoom.Grains.Chats;

namespace NewLoom.Tests.Chats;

public sealed class MessageRulesTests
{
    [Theory]
    [InlineData("hi", "hi")]
    [InlineData("a\r\nb\r\n", "a\nb\n")]
    [InlineData(" \ta\n", " \ta\n")]
    [InlineData("😀\u200d\u2028", "😀\u200d\u2028")]
    public void Content_IsKept_ExceptForLineEnds(string content, string stored)
    {
        var draft = Draft(content);

        Assert.Null(MessageRules.Normalise(ref draft));
        Assert.Equal(stored, draft.Content);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n\u00a0\u2003")]
    [InlineData("\r")]
    [InlineData("a\rb")]
    [InlineData("a\0")]
    [InlineData("a\u001f")]
    [InlineData("a\u007f")]
    [InlineData("a\u0080")]
    [InlineData("a\u009f")]
    public void Content_IsRefused_WhenEmptyOrWithControlCharacters(string content)
    {
        var draft = Draft(content);

        Assert.NotNull(MessageRules.Normalise(ref draft));
    }

    // Not attribute values: those go through UTF-8, which has no half pairs.
    [Fact]
    public void Content_IsRefused_WithAnUnpairedSurrogate()
    {
        foreach (var content in new[] { "a\ud83d", "\ude00b", "\ude00\ud83d", "\ud83d\ud83d\ude00" })
        {
            var draft = Draft(content);
            Assert.Contains("surrogate", MessageRules.Normalise(ref draft), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("x", 4_000, true)]
    [InlineData("x", 4_001, false)]
    [InlineData("😀", 4_000, true)]
    [InlineData("😀", 4_001, false)]
    [InlineData("\r\nx", 2_000, true)]
    public void Content_IsCountedInScalarValues_AsStored(string one, int count, bool isGood)
    {
        var draft = Draft(string.Concat(Enumerable.Repeat(one, count)));

        Assert.Equal(isGood, MessageRules.Normalise(ref draft) is null);
    }

    [Theory]
    [InlineData("c", 1, true)]
    [InlineData("c", 64, true)]
    [InlineData("😀", 64, true)]
    [InlineData("c", 65, false)]
    [InlineData("c", 0, false)]
    public void ClientId_Has1To64Characters(string one, int count, bool isGood)
    {
        var draft = Draft("hi") with { ClientId = string.Concat(Enumerable.Repeat(one, count)) };

        Assert.Equal(isGood, MessageRules.Normalise(ref draft) is null);
    }

    private static MessageDraft Draft(string content) => new() { User = "alice", Content = content };
}
