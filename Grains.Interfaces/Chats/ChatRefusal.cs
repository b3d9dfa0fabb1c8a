namespace NewLoom.Chats;

/// <summary>Why a chat refused what it was asked; nothing was changed then.</summary>
public enum ChatRefusal
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>The user is not a member, lacks the right, or there is no such chat: the three look alike.</summary>
    NotAuthorized = 1,

    /// <summary>A value breaks a rule; the detail names it.</summary>
    Invalid = 2,

    /// <summary>The client id was already used by this user in this chat for other content.</summary>
    Conflict = 3,

    /// <summary>A limit of the chat or of a user is reached; the detail names it.</summary>
    LimitReached = 4,
}
