using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using NewLoom.Grains.Storage;

namespace NewLoom.Silo;

/// <summary>Runs the process; a start that fails for a reason that an operator can mend says it in one
/// sentence.</summary>
internal sealed partial class StartUp
{
    private const int FailedExitCode = 1;

    // Logs why the start failed with a stack trace, before the exception arrives here.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    private volatile bool _isOver;

    private StartUp()
    {
    }

    /// <summary>Runs the process.</summary>
    /// <param name="run">The process; it calls <see cref="End"/> when it has started.</param>
    /// <returns>The exit code: 0 after a normal end, 1 when the start failed.</returns>
    public static async Task<int> RunAsync(Func<StartUp, Task> run)
    {
        var startUp = new StartUp();
        try
        {
            await run(startUp);
            return 0;
        }
        catch (Exception e) when (!startUp._isOver && Explain(e) is not null)
        {
            await Console.Error.WriteLineAsync($"NewLoom did not start: {Explain(e)}");
            return FailedExitCode;
        }
    }

    /// <summary>Keeps the host from telling a failed start in its own way. What cannot be explained still ends the
    /// process with its stack trace.</summary>
    public void TakeOver(ILoggingBuilder logging) =>
        logging.AddFilter(HostCategory, level => _isOver && level >= LogLevel.Information);

    /// <summary>The process has started: what goes wrong from here on is no matter of configuration.</summary>
    public void End() => _isOver = true;

    private static string? Explain(Exception e) => e switch
    {
        ConfigurationException or StorageSetupException => OneLine(e.Message),
        OptionsValidationException options =>
            string.Join(' ', options.Failures.Select(failure => Sentence(options, failure))),
        AggregateException several when several.InnerExceptions.All(inner => Explain(inner) is not null) =>
            string.Join(' ', several.InnerExceptions.Select(Explain)),
        IOException or FormatException => OneLine(e.Message),    // Kestrel's: the address is in use, or is none
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } =>
            BoundValue().Replace(OneLine(e.Message), "The value at '"),
        InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } =>
            $"{ListenUrls.Key} or {ListenUrls.EndpointsKey}: {FirstLine(e.Message)}",
        CryptographicException => $"Kestrel: a certificate cannot be used: {FirstLine(e.Message)}",
        _ => null,
    };

    /// <summary>From <c>Count: The field FooOptions.Count must be …</c> to <c>NewLoom:Foo:Count must be …</c></summary>
    private static string Sentence(OptionsValidationException e, string failure)
    {
        var text = OneLine(failure);
        var property = text.Split([':', ' '], 2)[0];
        var attributeWords = $"{property}: The field {e.OptionsType.Name}.{property} ";
        return text.StartsWith(attributeWords, StringComparison.Ordinal)
            ? $"{OptionSections.Of(e.OptionsType)}:{property} {text[attributeWords.Length..]}"
            : $"{OptionSections.Of(e.OptionsType)}:{text}";
    }

    /// <summary>The binder quotes the value, which may be a secret in the wrong place.</summary>
    [GeneratedRegex("^Failed to convert configuration value '.*' at '")]
    private static partial Regex BoundValue();

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
