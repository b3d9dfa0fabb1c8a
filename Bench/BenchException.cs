namespace NewLoom.Bench;

/// <summary>The benchmark can't run; the message is one sentence for the person who started it.</summary>
public sealed class BenchException : Exception
{
    /// <summary>Says what is in the way.</summary>
    public BenchException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
