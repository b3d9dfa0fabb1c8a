using System.Globalization;

namespace NewLoom.Bench.Processes;

/// <summary>What <c>/proc/PID/stat</c> says about a process. (man 5 proc_pid_stat)</summary>
/// <param name="ParentId">The process that started it.</param>
/// <param name="CpuTime">User and system time, those of its ended children included; resolution 10 ms.</param>
/// <param name="ResidentBytes">Memory that is in RAM.</param>
public sealed record ProcessStat(int ParentId, TimeSpan CpuTime, long ResidentBytes)
{
    private const int TicksPerSecond = 100;    // USER_HZ, fixed by the kernel's ABI

    /// <summary>Reads a living process.</summary>
    /// <returns>Null when there is none of that id.</returns>
    public static ProcessStat? Read(int processId)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{processId}/stat"), Environment.SystemPageSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the file's text.</summary>
    public static ProcessStat Parse(string text, int pageBytes)
    {
        // The second field is the program's name in brackets, and may itself hold spaces and brackets.
        // Behind it, field 3 (state) is [0]; 4 is the parent; 14 to 17 are the times, 24 the pages.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
        return new ProcessStat(
            (int)Number(fields[1]),
            TimeSpan.FromTicks(ticks * (TimeSpan.TicksPerSecond / TicksPerSecond)),
            Number(fields[21]) * pageBytes);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
