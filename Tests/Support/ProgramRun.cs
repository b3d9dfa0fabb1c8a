using System.Diagnostics;

namespace NewLoom.Tests.Support;

/// <summary>A program that was run to its end.</summary>
public sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs a program; it is killed when it takes longer than the limit.</summary>
    public static async Task<ProgramRun> OfAsync(
        string program, string folder, TimeSpan limit, CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limited.Token);
            var errors = process.StandardError.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token);
            return new ProgramRun(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProgramRun(ExitCode: -1, Output: "", $"{program} took longer than {limit}.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
