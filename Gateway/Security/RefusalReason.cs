namespace NewLoom.Gateway.Security;

/// <summary>The names of <see cref="RefusalKind"/> in logs and metrics; never changed.</summary>
internal static class RefusalReason
{
    private static readonly string[] Names =
        [.. Enum.GetNames<RefusalKind>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>The name, as in <c>permission_denied</c>.</summary>
    public static string Of(RefusalKind kind) => Names[(int)kind];
}
