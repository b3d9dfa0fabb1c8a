using System.Data.Common;
using NewLoom.Chats;

namespace NewLoom.Grains.Storage;

/// <summary>Rows of the table of messages.</summary>
internal static class MessageRows
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns = "id, chat_id, seq, sender, content, timestamp, client_id";

    /// <summary>The message in the reader's row.</summary>
    public static ChatMessage Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0),
        ChatId = row.GetInt64(1),
        Seq = row.GetInt64(2),
        User = row.GetString(3),
        Content = row.GetString(4),
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
        ClientId = row.IsDBNull(6) ? null : row.GetString(6),
    };
}
