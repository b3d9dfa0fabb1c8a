namespace NewLoom.Bench.Sockets;

/// <summary>How .NET serves this program's sockets.</summary>
public static class SocketEngine
{
    private static readonly (string Name, string Value)[] Variables =
    [
        ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"),
        ("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1"),
    ];

    /// <summary>One thread that receives and handles everything in place, instead of a hand-over per receive.</summary>
    /// <remarks>
    /// The runtime reads these once, before the first socket, and has no other switch for them.
    /// [dotnet/runtime: SocketAsyncEngine.Unix.cs] Hence whatever handles a receive must not block.
    /// </remarks>
    public static void UseOneThread()
    {
        foreach (var (name, value) in Variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <summary>Lets a program that is started by this one serve its sockets in its own way.</summary>
    public static void Forget(IDictionary<string, string?> environment)
    {
        foreach (var (name, _) in Variables)
        {
            environment.Remove(name);
        }
    }
}
