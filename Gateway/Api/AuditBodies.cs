using NewLoom.Audit;

namespace NewLoom.Gateway.Api;

/// <summary>One change of users, tokens, memberships or rights.</summary>
/// <param name="Id">Rises; never given twice.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who made it: a username, or <c>(administrator)</c> for the configured one, or <c>(system)</c>;
/// these two can be nobody's usernames.</param>
/// <param name="Action">What was changed, as in <c>token.issued</c>.</param>
/// <param name="User">The user concerned; of a chat or stream that was created or deleted, its owner.</param>
/// <param name="ChatId">The chat.</param>
/// <param name="StreamId">The stream.</param>
/// <param name="TokenId">The token or session.</param>
internal sealed record AuditEntryBody(
    long Id, DateTimeOffset At, string Actor, string Action, string User, long? ChatId, long? StreamId, Guid? TokenId)
{
    public static AuditEntryBody Of(AuditEntry entry) => new(
        entry.EntryId, entry.At, entry.Actor, entry.Action, entry.User, entry.ChatId, entry.StreamId, entry.TokenId);
}

/// <summary>Changes, newest last.</summary>
internal sealed record AuditBody(IReadOnlyList<AuditEntryBody> Entries, bool HasMore);
