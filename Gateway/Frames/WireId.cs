namespace NewLoom.Gateway.Frames;

/// <summary>The rule for ids on the wire: JSON integers from 1 to 2^53-1, which every client's numbers can
/// hold.</summary>
internal static class WireId
{
    public const long Max = (1L << 53) - 1;

    public static string? FindProblem(long id, string name) =>
        id is >= 1 and <= Max ? null : $"{name} must be an integer from 1 to {Max}";

    /// <summary>As an id, but 0 stands for "before the first".</summary>
    public static string? FindCursorProblem(long? seq, string name) =>
        seq is null or (>= 0 and <= Max) ? null : $"{name} must be an integer from 0 to {Max}";
}
