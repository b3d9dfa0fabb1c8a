namespace NewLoom.Bench.Sockets;

/// <summary>How .NET serves this program's sockets.</summary>
public static class SocketEngine
{
    /// <summary>One thread that receives and handles everything in place, instead of a hand-over per receive.</summary>
    /// <remarks>
    /// The runtime reads these once, before the first socket, and has no other switch for them.
    /// [dotnet/runtime: SocketAsyncEngine.Unix.cs] Hence whatever handles a receive must not block.
    /// </remarks>
    public static void UseOneThread()
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1");
    }
}
