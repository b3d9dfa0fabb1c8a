using NewLoom.Audit;

namespace NewLoom.Grains.Storage;

/// <summary>One change to be recorded.</summary>
/// <param name="Actor">Who makes it: a username, or a name of <see cref="NewLoom.Audit.Actor"/>.</param>
/// <param name="Action">A name of <see cref="AuditAction"/>.</param>
/// <param name="User">The user concerned: of a chat or stream that is created or deleted, its owner.</param>
public sealed record AuditChange(string Actor, string Action, string User)
{
    /// <summary>Who makes it.</summary>
    /// <exception cref="ArgumentException">It is the name of nobody.</exception>
    public string Actor { get; } = NewLoom.Audit.Actor.IsValid(Actor)
        ? Actor
        : throw new ArgumentException("Must be a username, the administrator or the system.", nameof(Actor));

    /// <summary>The chat, where there is one.</summary>
    public long? ChatId { get; init; }

    /// <summary>The stream, where there is one.</summary>
    public long? StreamId { get; init; }

    /// <summary>Names the token or session, where there is one.</summary>
    public Guid? TokenId { get; init; }
}
