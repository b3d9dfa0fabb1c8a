using System.Text.RegularExpressions;

namespace NewLoom.Tests.Docs;

/// <summary>The code of docs/orleans.md is the code that is compiled and run here.</summary>
public sealed partial class OrleansPageTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Docs");

    [Fact]
    public void CodeOfThePage_IsThatOfItsFiles()
    {
        var page = File.ReadAllText(Path.Combine(Folder, "orleans.md")).ReplaceLineEndings("\n");
        var blocks = Blocks().Matches(page);
        var files = Directory.GetFiles(Path.Combine(Folder, "Orleans")).Select(Path.GetFileName);

        Assert.Equal(files.Order(), blocks.Select(block => block.Groups["file"].Value).Order());
        foreach (Match block in blocks)
        {
            var file = File.ReadAllText(Path.Combine(Folder, "Orleans", block.Groups["file"].Value)).ReplaceLineEndings("\n");
            Assert.Equal(file, block.Groups["code"].Value);
        }
    }

    [GeneratedRegex(@"\[Tests/Docs/Orleans/(?<file>\w+\.cs)\][^\n]*\n\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
