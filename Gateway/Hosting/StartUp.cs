using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Hosting;

/// <summary>Runs the process; a start that fails for a reason that an operator can mend says it in one
/// sentence.</summary>
internal sealed class StartUp
{
    private const int FailedExitCode = 1;

    // Logs why the start failed with a stack trace, before the exception arrives here.
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    private volatile bool _isOver;

    /// <summary>Which other exceptions of a failed start have a message for the operator; none unless set.</summary>
    public Func<Exception, bool> IsForOperator { get; init; } = _ => false;

    /// <summary>The configuration section of an options class.</summary>
    public Func<Type, string> SectionOf { get; init; } = OptionSections.Of;

    /// <summary>Runs the process.</summary>
    /// <param name="run">The process; it ends with <see cref="ServeAsync"/>.</param>
    /// <returns>The exit code: 0 after a normal end, 1 when the start failed.</returns>
    public async Task<int> RunAsync(Func<StartUp, Task> run)
    {
        try
        {
            await run(this);
            return 0;
        }
        catch (Exception e) when (!_isOver && Explain(e) is not null)
        {
            await Console.Error.WriteLineAsync($"NewLoom did not start: {Explain(e)}");
            return FailedExitCode;
        }
    }

    /// <summary>A host with the usual configuration. It does not tell a failed start in its own way; what cannot be
    /// explained still ends the process with its stack trace.</summary>
    public WebApplicationBuilder NewBuilder(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = arguments,
            ContentRootPath = AppContext.BaseDirectory,    // where appsettings.json lies, wherever it is called
        });
        builder.Logging.AddFilter(HostCategory, level => _isOver && level >= LogLevel.Information);
        return builder;
    }

    /// <summary>Starts the host and returns when it has been asked to stop and has stopped.</summary>
    public async Task ServeAsync(WebApplication app)
    {
        // Not RunAsync: when the start fails it takes the half of a host down, in many words.
        try
        {
            await app.StartAsync();
        }
        catch (Exception) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;    // asked to stop while it waited for others: every part of the start ends in its own way
        }

        // What goes wrong from here on is no matter of configuration.
        _isOver = true;
        await app.WaitForShutdownAsync();
        await app.DisposeAsync();
    }

    private string? Explain(Exception e) => e switch
    {
        ConfigurationException => OneLine(e.Message),
        _ when IsForOperator(e) => OneLine(e.Message),
        OptionsValidationException options =>
            string.Join(' ', options.Failures.Select(failure => Sentence(options, failure))),
        AggregateException several when several.InnerExceptions.All(inner => Explain(inner) is not null) =>
            string.Join(' ', several.InnerExceptions.Select(Explain)),
        IOException or FormatException => OneLine(e.Message),    // Kestrel's: the address is in use, or is none
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => OneLine(e.Message),
        InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } =>
            $"{ListenUrls.Key} or {ListenUrls.EndpointsKey}: {FirstLine(e.Message)}",
        CryptographicException => $"Kestrel: a certificate cannot be used: {FirstLine(e.Message)}",
        _ => null,
    };

    /// <summary>From <c>Count: The field FooOptions.Count must be …</c> to <c>NewLoom:Foo:Count must be …</c></summary>
    private string Sentence(OptionsValidationException e, string failure)
    {
        var text = OneLine(failure);
        var property = text.Split([':', ' '], 2)[0];
        var attributeWords = $"{property}: The field {e.OptionsType.Name}.{property} ";
        return text.StartsWith(attributeWords, StringComparison.Ordinal)
            ? $"{SectionOf(e.OptionsType)}:{property} {text[attributeWords.Length..]}"
            : $"{SectionOf(e.OptionsType)}:{text}";
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
