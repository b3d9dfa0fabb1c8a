using System.Text.Json;
using System.Text.Json.Serialization;
using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Api;

/// <summary>The source-generated readers and writers of the HTTP API's bodies.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(NewUserBody))]
[JsonSerializable(typeof(UserBody))]
[JsonSerializable(typeof(NewTokenBody))]
[JsonSerializable(typeof(IssuedTokenBody))]
[JsonSerializable(typeof(TokensBody))]
[JsonSerializable(typeof(AuditBody))]
[JsonSerializable(typeof(TicketBody))]
[JsonSerializable(typeof(NewChatBody))]
[JsonSerializable(typeof(CreatedChatBody))]
[JsonSerializable(typeof(ChatChangeBody))]
[JsonSerializable(typeof(ChatBody))]
[JsonSerializable(typeof(ChatsBody))]
[JsonSerializable(typeof(MembersBody))]
[JsonSerializable(typeof(NewMessageBody))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(MessagesBody))]
[JsonSerializable(typeof(NewStreamBody))]
[JsonSerializable(typeof(CreatedStreamBody))]
[JsonSerializable(typeof(StreamBody))]
[JsonSerializable(typeof(StreamsBody))]
[JsonSerializable(typeof(StreamUsersBody))]
[JsonSerializable(typeof(StatusReportBody))]
[JsonSerializable(typeof(StatsReportBody))]
[JsonSerializable(typeof(ErrorReportBody))]
[JsonSerializable(typeof(ReportedBody))]
[JsonSerializable(typeof(ExecutionsBody))]
[JsonSerializable(typeof(ErrorsBody))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Makes ASP.NET Core's own options say the same, for bodies and for the OpenAPI schemas.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;    // a quoted number is none
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new TimestampConverter());
    }
}
