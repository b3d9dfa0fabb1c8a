namespace NewLoom.Audit;

/// <summary>What was changed: the values of <see cref="AuditEntry.Action"/>.</summary>
public static class AuditAction
{
    /// <summary>A user was created.</summary>
    public const string UserCreated = "user.created";

    /// <summary>A user was deleted; its tokens, memberships and rights have entries of their own.</summary>
    public const string UserDeleted = "user.deleted";

    /// <summary>A token was issued.</summary>
    public const string TokenIssued = "token.issued";

    /// <summary>A token was ended before its time.</summary>
    public const string TokenRevoked = "token.revoked";

    /// <summary>A token was ended because the user got one more than it may have.</summary>
    public const string TokenDisplaced = "token.displaced";

    /// <summary>A browser's session was begun.</summary>
    public const string SessionBegun = "session.begun";

    /// <summary>A browser's session was ended, or the token that it was exchanged for.</summary>
    public const string SessionEnded = "session.ended";

    /// <summary>A browser's session was ended because the user got one more than it may have.</summary>
    public const string SessionDisplaced = "session.displaced";

    /// <summary>A chat was created; the user is its owner and first member.</summary>
    public const string ChatCreated = "chat.created";

    /// <summary>A chat was deleted (by its owner, or because nobody was left), and all memberships with it.</summary>
    public const string ChatDeleted = "chat.deleted";

    /// <summary>A user became a member of a chat.</summary>
    public const string ChatMemberAdded = "chat.member_added";

    /// <summary>A user is no member of a chat any more.</summary>
    public const string ChatMemberRemoved = "chat.member_removed";

    /// <summary>A user became a chat's owner, because the one before has left.</summary>
    public const string ChatOwnerChanged = "chat.owner_changed";

    /// <summary>A stream was created; the user is its owner. All rights that it begins with have entries of their
    /// own.</summary>
    public const string StreamCreated = "stream.created";

    /// <summary>A stream was deleted (by its owner, or because nobody was left), and all rights with it.</summary>
    public const string StreamDeleted = "stream.deleted";

    /// <summary>A user was given the right to view a stream.</summary>
    public const string StreamViewGranted = "stream.view_granted";

    /// <summary>A user lost the right to view a stream.</summary>
    public const string StreamViewRevoked = "stream.view_revoked";

    /// <summary>A user was given the right to publish a stream.</summary>
    public const string StreamPublishGranted = "stream.publish_granted";

    /// <summary>A user lost the right to publish a stream.</summary>
    public const string StreamPublishRevoked = "stream.publish_revoked";

    /// <summary>A user became a stream's owner, because the one before is no user any more.</summary>
    public const string StreamOwnerChanged = "stream.owner_changed";
}
