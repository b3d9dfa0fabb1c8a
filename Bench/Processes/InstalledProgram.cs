using System.Diagnostics;

namespace NewLoom.Bench.Processes;

/// <summary>Programs of this machine.</summary>
public static class InstalledProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The full path of a program on the PATH, or null.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    /// <summary>The full path of a program on the PATH.</summary>
    /// <exception cref="BenchException">There is none.</exception>
    public static string Get(string name) =>
        Find(name) ?? throw new BenchException($"This machine has no program {name} on the PATH.");

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="BenchException">It failed; with what it wrote.</exception>
    public static async Task RunAsync(string[] command, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limited.Token);
            var errors = process.StandardError.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token);
            if (process.ExitCode != 0)
            {
                throw new BenchException($"{string.Join(' ', command)} failed: {await output}{await errors}".TrimEnd());
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchException($"{string.Join(' ', command)} took longer than {Limit}.");
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
