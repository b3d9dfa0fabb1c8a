using System.Runtime.InteropServices;

namespace NewLoom.Bench.Processes;

/// <summary>Signals of Linux, which .NET sends but for SIGKILL not. (man 7 signal)</summary>
public static partial class Signal
{
    /// <summary>SIGINT.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGQUIT.</summary>
    public const int Quit = 3;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCONT.</summary>
    public const int Continue = 18;

    /// <summary>SIGSTOP.</summary>
    public const int Stop = 19;

    /// <summary>Sends a signal; a process that has ended is none to complain about.</summary>
    public static void Send(int processId, int signal) => _ = SendNative(processId, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendNative(int processId, int signal);
}
