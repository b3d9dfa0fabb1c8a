namespace NewLoom.Streams;

/// <summary>Why a stream refused what it was asked; nothing was changed then.</summary>
public enum StreamRefusal
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>The user lacks the right, or there is no such stream: the two look alike.</summary>
    NotAuthorized = 1,

    /// <summary>A value breaks a rule; the detail names it.</summary>
    Invalid = 2,

    /// <summary>The execution has ended, and nothing in it changes any more.</summary>
    Finished = 3,

    /// <summary>A limit of the stream or of a user is reached; the detail names it.</summary>
    LimitReached = 4,
}
