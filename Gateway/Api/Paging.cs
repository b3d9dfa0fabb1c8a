namespace NewLoom.Gateway.Api;

/// <summary>The rule for <c>limit</c> in lists.</summary>
internal static class Paging
{
    /// <summary>What a list of names, tokens or chats gives without a limit.</summary>
    public const int DefaultCount = 100;

    /// <summary>The most that such a list gives.</summary>
    public const int CountMax = 1_000;

    /// <summary>What is wrong with the limit, or null.</summary>
    public static string? FindProblem(int limit, int max = CountMax) =>
        limit >= 1 && limit <= max ? null : $"limit must be an integer from 1 to {max}";
}
