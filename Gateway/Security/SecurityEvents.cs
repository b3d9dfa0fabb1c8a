using System.Net;

namespace NewLoom.Gateway.Security;

/// <summary>Says who was refused and why: one structured event for each, and a metric.</summary>
/// <remarks>What is said never holds a secret: a user that is known, or else the address.</remarks>
internal sealed partial class SecurityEvents(ILogger<SecurityEvents> logger)
{
    /// <summary>Says that somebody was refused.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="user">Who, where that is known.</param>
    /// <param name="address">From where.</param>
    public void Refused(RefusalKind kind, string? user, IPAddress? address) => Log.Refused(logger, kind, user, address);
}
