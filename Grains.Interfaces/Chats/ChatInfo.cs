namespace NewLoom.Chats;

/// <summary>A chat as one of its members sees it.</summary>
[GenerateSerializer, Immutable, Alias("newloom.chat.info")]
public sealed record ChatInfo
{
    /// <summary>The chat's id.</summary>
    [Id(0)] public required long ChatId { get; init; }

    /// <summary>1 to 200 characters.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Username of the owner.</summary>
    [Id(2)] public required string Owner { get; init; }

    /// <summary>The last message's place; 0 when there is none.</summary>
    [Id(3)] public required long Seq { get; init; }

    /// <summary>How far the member has read; 0 before the first message.</summary>
    [Id(4)] public required long ReadSeq { get; init; }

    /// <summary>How many members the chat has.</summary>
    [Id(5)] public required int MemberCount { get; init; }
}
