using System.Text.Json;
using System.Text.Json.Serialization;

namespace NewLoom.Gateway.Frames;

/// <summary>The source-generated readers and writers of all frames.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(HeartbeatFrame))]
[JsonSerializable(typeof(DisconnectFrame))]
[JsonSerializable(typeof(AuthenticateFrame))]
[JsonSerializable(typeof(MessageFrame))]
[JsonSerializable(typeof(MessageStatusFrame))]
[JsonSerializable(typeof(TypingFrame))]
[JsonSerializable(typeof(SubscribeFrame))]
[JsonSerializable(typeof(UnsubscribeFrame))]
[JsonSerializable(typeof(HistoryFrame))]
[JsonSerializable(typeof(StatusUpdateFrame))]
[JsonSerializable(typeof(ExecutionStatsFrame))]
[JsonSerializable(typeof(ErrorReportFrame))]
[JsonSerializable(typeof(SubscribeStreamsFrame))]
[JsonSerializable(typeof(UnsubscribeStreamsFrame))]
[JsonSerializable(typeof(ServerFrame))]
internal sealed partial class FrameJson : JsonSerializerContext;
