using Microsoft.Extensions.Options;
using NewLoom.Grains.Storage;

namespace NewLoom.Silo;

/// <summary>Runs the process; a start that fails for a reason that an operator can mend says it in one sentence.</summary>
internal static class StartUp
{
    private const int FailedExitCode = 1;

    /// <summary>Runs the process.</summary>
    /// <param name="run">The process; it calls its argument when it has started.</param>
    /// <returns>The exit code: 0 after a normal end, 1 when the start failed.</returns>
    public static async Task<int> RunAsync(Func<Action, Task> run)
    {
        var hasStarted = false;
        try
        {
            await run(() => hasStarted = true);
            return 0;
        }
        catch (Exception e) when (!hasStarted && Explain(e) is not null)
        {
            await Console.Error.WriteLineAsync($"NewLoom did not start: {Explain(e)}");
            return FailedExitCode;
        }
    }

    private static string? Explain(Exception e) => e switch
    {
        ConfigurationException or StorageSetupException => e.Message,
        OptionsValidationException options => string.Join(' ', options.Failures.Select(failure => Sentence(options, failure))),
        IOException => OneLine(e.Message),    // Kestrel's: the address is in use, or cannot be bound
        FormatException or InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => OneLine(e.Message),
        _ => null,
    };

    private static string Sentence(OptionsValidationException e, string failure) =>
        $"{OptionSections.Of(e.OptionsType)}:{OneLine(failure)}";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
