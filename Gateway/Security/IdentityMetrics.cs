using System.Diagnostics.Metrics;

namespace NewLoom.Gateway.Security;

/// <summary>What can be counted about who comes, who stays and who is refused. No tag names a user or an
/// address.</summary>
internal sealed class IdentityMetrics
{
    /// <summary>The meter of all that a gateway counts.</summary>
    public const string MeterName = "NewLoom.Gateway";

    private readonly Counter<long> _refusals;
    private readonly Counter<long> _authentications;
    private readonly UpDownCounter<long> _openSockets;
    private readonly UpDownCounter<long> _waitingSockets;

    public IdentityMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _refusals = meter.CreateCounter<long>(
            "newloom.security.refusals", "{refusal}", "Refusals, by reason.");
        _authentications = meter.CreateCounter<long>(
            "newloom.authentications", "{authentication}", "Credentials that were looked at, by kind and outcome.");
        _openSockets = meter.CreateUpDownCounter<long>(
            "newloom.sockets.open", "{socket}", "Sockets of users that are open now.");
        _waitingSockets = meter.CreateUpDownCounter<long>(
            "newloom.sockets.waiting", "{socket}", "Sockets that have not said yet who they are.");
        _openSockets.Add(0);    // shown before the first one
        _waitingSockets.Add(0);
    }

    /// <summary>Somebody was refused.</summary>
    public void Refused(RefusalKind kind) => _refusals.Add(1, new KeyValuePair<string, object?>(
        "newloom.refusal.reason", RefusalReason.Of(kind)));

    /// <summary>A credential was looked at.</summary>
    /// <param name="kind">Where it came from, as in <c>bearer</c>: one of a few names, never a part of it.</param>
    /// <param name="isGood">Whether it is one.</param>
    public void Authenticated(string kind, bool isGood) => _authentications.Add(
        1,
        new KeyValuePair<string, object?>("newloom.credential.kind", kind),
        new KeyValuePair<string, object?>("newloom.authentication.outcome", isGood ? "success" : "failure"));

    /// <summary>A user's socket was opened.</summary>
    public void SocketOpened() => _openSockets.Add(1);

    /// <summary>A user's socket was closed.</summary>
    public void SocketClosed() => _openSockets.Add(-1);

    /// <summary>A socket waits to say who it is.</summary>
    public void WaitBegun() => _waitingSockets.Add(1);

    /// <summary>It has said so, or given up.</summary>
    public void WaitEnded() => _waitingSockets.Add(-1);
}
