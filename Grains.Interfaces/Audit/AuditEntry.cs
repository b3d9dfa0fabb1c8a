namespace NewLoom.Audit;

/// <summary>One change of users, tokens, memberships or rights. It never holds a secret or the hash of one.</summary>
[GenerateSerializer, Immutable, Alias("newloom.audit.entry")]
public sealed record AuditEntry
{
    /// <summary>Rises; never given twice.</summary>
    [Id(0)] public required long EntryId { get; init; }

    /// <summary>When, UTC.</summary>
    [Id(1)] public required DateTimeOffset At { get; init; }

    /// <summary>Who made the change: a username, or a name of <see cref="Audit.Actor"/>.</summary>
    [Id(2)] public required string Actor { get; init; }

    /// <summary>What was changed: a name of <see cref="AuditAction"/>.</summary>
    [Id(3)] public required string Action { get; init; }

    /// <summary>The user whom the change concerns; of a chat or stream that was created or deleted, its
    /// owner.</summary>
    [Id(4)] public required string User { get; init; }

    /// <summary>The chat, where there is one.</summary>
    [Id(5)] public long? ChatId { get; init; }

    /// <summary>The stream, where there is one.</summary>
    [Id(6)] public long? StreamId { get; init; }

    /// <summary>Names the token or session, where there is one.</summary>
    [Id(7)] public Guid? TokenId { get; init; }
}
