namespace NewLoom.Chats;

/// <summary>How far a member has come with a chat's messages.</summary>
public enum MarkKind
{
    /// <summary>The member's device has this message and all before it.</summary>
    Delivered = 0,

    /// <summary>The member has read this message and all before it.</summary>
    Read = 1,
}
