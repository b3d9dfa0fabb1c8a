using System.Runtime.InteropServices;

namespace NewLoom.Bench.Timing;

/// <summary>Waits shorter than a millisecond, which .NET's own rounds to whole ones.</summary>
public static partial class PreciseWait
{
    private const long CoarseNanoseconds = 50 * Millisecond;
    private const long Millisecond = 1_000_000;

    /// <summary>Blocks the thread for about so long, or less: look at the clock again afterwards.</summary>
    public static void Wait(long nanoseconds, CancellationToken cancellationToken)
    {
        if (nanoseconds > CoarseNanoseconds)
        {
            cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(nanoseconds / Millisecond - 1));
        }
        else if (OperatingSystem.IsLinux())
        {
            var wait = new TimeSpec { Nanoseconds = (nint)nanoseconds };
            _ = NanoSleep(wait, IntPtr.Zero);
        }
        else
        {
            cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(nanoseconds / Millisecond));
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec wait, IntPtr remainder);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
