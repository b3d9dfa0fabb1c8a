using NewLoom.Chats;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Api;

/// <summary>A chat to create.</summary>
/// <param name="Name">1 to 200 characters, not only white space.</param>
/// <param name="Members">Usernames beside the owner. (default: none)</param>
internal sealed record NewChatBody(string? Name, string?[]? Members);

/// <summary>A chat that was created.</summary>
internal sealed record CreatedChatBody(long ChatId);

/// <summary>What to change of a chat.</summary>
/// <param name="Name">1 to 200 characters, not only white space.</param>
internal sealed record ChatChangeBody(string? Name);

/// <summary>A chat as the caller sees it.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Username of the owner.</param>
/// <param name="Seq">The last message's place; 0 when there is none.</param>
/// <param name="ReadSeq">How far the caller has read; 0 before the first.</param>
/// <param name="MemberCount">How many members it has.</param>
/// <param name="Members">The first 1,000 usernames, in ordinal order; left out in lists.</param>
internal sealed record ChatBody(
    long ChatId, string Name, string Owner, long Seq, long ReadSeq, int MemberCount,
    IReadOnlyList<string>? Members = null)
{
    public static ChatBody Of(ChatInfo chat) =>
        new(chat.ChatId, chat.Name, chat.Owner, chat.Seq, chat.ReadSeq, chat.MemberCount);
}

/// <summary>Chats, ascending by id.</summary>
internal sealed record ChatsBody(IReadOnlyList<ChatBody> Chats, bool HasMore);

/// <summary>Usernames, in ordinal order.</summary>
internal sealed record MembersBody(IReadOnlyList<string> Members, bool HasMore);

/// <summary>A message to send.</summary>
/// <param name="Content">1 to 4,000 characters (Unicode scalar values), not only white space.</param>
/// <param name="ClientId">1 to 64 characters that make a repeat harmless for ever.</param>
internal sealed record NewMessageBody(string? Content, string? ClientId);

/// <summary>Messages, ascending by <c>seq</c>.</summary>
internal sealed record MessagesBody(long ChatId, IReadOnlyList<MessageBody> Messages, bool HasMore);
