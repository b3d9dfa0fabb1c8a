namespace NewLoom.Gateway.Authentication.Keys;

/// <summary>When a new key is due, and from when to when it is used.</summary>
internal static class KeyPlan
{
    /// <summary>How often a gateway looks for keys of others.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromHours(1);

    /// <summary>For how long things are protected with one key; it reads them for ever.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>How long before the newest one's end its successor is made.</summary>
    /// <remarks>More than the two days and the refresh of one day after which the framework asks for one itself
    /// (KeyRingProvider, ASP.NET Core 10).</remarks>
    public static readonly TimeSpan Lead = TimeSpan.FromDays(7);

    /// <summary>The next key, or null when none is due.</summary>
    /// <param name="newestEnd">The end of the newest key; null when there is none.</param>
    /// <param name="now">The time, UTC.</param>
    /// <returns>Used at once when it is the first. A later one waits until all gateways have seen it.</returns>
    public static (DateTimeOffset Start, DateTimeOffset End)? FindNext(DateTimeOffset? newestEnd, DateTimeOffset now)
    {
        if (newestEnd is not { } end)
        {
            return (now, now + Lifetime);
        }

        if (end > now + Lead)
        {
            return null;
        }

        var allKnow = now + (2 * RefreshInterval);
        var start = end > allKnow ? end : allKnow;
        return (start, start + Lifetime);
    }
}
