using System.Text.Json;

namespace NewLoom.Gateway.Frames;

/// <summary>What every frame has in common, found in one pass over its top level.</summary>
/// <remarks>It comes before the typed reading because an error must echo <c>request_id</c>, <c>chat_id</c>,
/// <c>stream_id</c> and <c>client_id</c> also of a frame that cannot be read as its type.</remarks>
internal readonly struct FrameHead
{
    public string? Type { get; private init; }

    public string? RequestId { get; private init; }

    public long? ChatId { get; private init; }

    public long? StreamId { get; private init; }

    public string? ClientId { get; private init; }

    /// <summary>Where the elements of <c>frames</c> stand, when there is such an array.</summary>
    public List<Range>? BatchParts { get; private init; }

    /// <summary>Why this is no frame at all; null when it may be one.</summary>
    public string? Problem { get; private init; }

    public static FrameHead Scan(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Read(utf8);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped surrogate without its other half.
            return new FrameHead { Problem = "not valid JSON" };
        }
    }

    public FrameReading Refused(string detail) => new()
    {
        Error = Errors.InvalidFormat(detail) with
        {
            RequestId = RequestId,
            ChatId = ChatId,
            StreamId = StreamId,
            ClientId = ClientId,
        },
    };

    private static FrameHead Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new FrameHead { Problem = "not a JSON object" };
        }

        var head = default(FrameHead);
        string? problem = null;
        var hasType = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                hasType = true;
                head = head with { Type = TextOf(ref reader) };
            }
            else if (reader.ValueTextEquals("request_id"u8))
            {
                reader.Read();
                head = head with { RequestId = TextOf(ref reader) };
                if (reader.TokenType != JsonTokenType.Null
                    && (head.RequestId?.EnumerateRunes().Count() ?? int.MaxValue) > FrameReader.RequestIdLengthMax)
                {
                    head = head with { RequestId = null };
                    problem = $"request_id must be a string of at most {FrameReader.RequestIdLengthMax} characters";
                }
            }
            else if (reader.ValueTextEquals("chat_id"u8))
            {
                reader.Read();
                head = head with { ChatId = IdOf(ref reader) };
            }
            else if (reader.ValueTextEquals("stream_id"u8))
            {
                reader.Read();
                head = head with { StreamId = IdOf(ref reader) };
            }
            else if (reader.ValueTextEquals("client_id"u8))
            {
                reader.Read();
                head = head with { ClientId = TextOf(ref reader) };
            }
            else if (reader.ValueTextEquals("frames"u8))
            {
                reader.Read();
                head = head with { BatchParts = PartsOf(ref reader) };
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        // Reads to the end: what follows the object makes the text invalid.
        while (reader.Read())
        {
        }

        problem ??= hasType ? (head.Type is null ? "type must be a string" : null) : "missing type";
        return head with { Problem = problem };
    }

    private static string? TextOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    private static long? IdOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var id)
            && WireId.FindProblem(id, "id") is null)
        {
            return id;
        }

        reader.Skip();
        return null;
    }

    private static List<Range>? PartsOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        var parts = new List<Range>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            parts.Add(start..(int)reader.BytesConsumed);
        }

        return parts;
    }
}
