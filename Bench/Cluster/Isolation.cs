using System.Diagnostics;
using NewLoom.Bench.Processes;

namespace NewLoom.Bench.Cluster;

/// <summary>Runs this program again in namespaces of its own: a network with nobody else in it, in which connections
/// can be cut, and processes that all end with the program, however it ends. (man 7 namespaces)</summary>
/// <remarks>Takes the rights of root; without them the program runs where it is.</remarks>
internal static class Isolation
{
    private const string Variable = "NEWLOOM_BENCH_ISOLATED";

    private static readonly string[] Namespaces = ["--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];

    /// <summary>Whether this process is the one in the namespaces.</summary>
    public static bool IsInside => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Whether namespaces can be had here.</summary>
    public static async Task<bool> IsPossibleAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || InstalledProgram.Find("ip") is null
            || InstalledProgram.Find("nsenter") is null || InstalledProgram.Find("unshare") is not { } unshare)
        {
            return false;
        }

        try
        {
            await InstalledProgram.RunAsync(
                [unshare, .. Namespaces, "ip", "link", "add", "type", "bridge"], cancellationToken);
            return true;
        }
        catch (BenchException)
        {
            return false;    // a container may forbid it to root as well
        }
    }

    /// <summary>Runs the program with these arguments inside, and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "NewLoom.Bench.dll")]
            : [Environment.ProcessPath!];
        var start = new ProcessStartInfo(InstalledProgram.Get("unshare"), [.. Namespaces, .. self, .. arguments]);
        start.Environment[Variable] = "1";
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill();    // and with it everything inside
            throw;
        }

        return process.ExitCode;
    }
}
