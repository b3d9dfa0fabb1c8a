using System.Text.Json.Nodes;

namespace NewLoom.Tests.Support;

/// <summary>Frames that a client of the chat socket sends.</summary>
internal static class ClientFrames
{
    public static JsonObject Message(long chatId, string content, string? clientId = null)
    {
        var frame = new JsonObject { ["type"] = "message", ["chat_id"] = chatId, ["content"] = content };
        return clientId is null ? frame : frame.With("client_id", clientId);
    }

    public static JsonObject Status(long chatId, long messageId, string status) => new()
    {
        ["type"] = "message_status",
        ["chat_id"] = chatId,
        ["message_id"] = messageId,
        ["status"] = status,
    };

    public static JsonObject Typing(long chatId, bool isTyping = true) =>
        new() { ["type"] = "typing", ["chat_id"] = chatId, ["is_typing"] = isTyping };

    public static JsonObject History(long chatId, long? beforeSeq = null, int? limit = null)
    {
        var frame = new JsonObject { ["type"] = "history", ["chat_id"] = chatId };
        if (beforeSeq is not null)
        {
            frame["before_seq"] = beforeSeq;
        }

        return limit is null ? frame : frame.With("limit", limit);
    }

    public static JsonObject Subscribe(long chatId, long? afterSeq = null)
    {
        var cursor = new JsonObject { ["chat_id"] = chatId };
        return new()
        {
            ["type"] = "subscribe",
            ["chats"] = new JsonArray(afterSeq is null ? cursor : cursor.With("after_seq", afterSeq)),
        };
    }

    public static JsonObject Unsubscribe(params long[] chatIds) =>
        new() { ["type"] = "unsubscribe", ["chat_ids"] = new JsonArray([.. chatIds.Select(id => (JsonNode)id)]) };

    public static JsonObject Batch(params JsonNode[] frames) =>
        new() { ["type"] = "batch", ["frames"] = new JsonArray(frames) };

    public static JsonObject Heartbeat() => new() { ["type"] = "heartbeat" };

    public static JsonObject With(this JsonObject frame, string name, JsonNode? value)
    {
        frame[name] = value;
        return frame;
    }

    /// <summary>A field of a frame, or of an object in it: <c>"message.seq"</c>.</summary>
    public static T Get<T>(this JsonNode frame, string path) =>
        path.Split('.').Aggregate(frame, (node, name) => node[name]!).GetValue<T>();
}
