using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;

namespace NewLoom.Tests.Docs;

/// <summary>Holds docs/asyncapi.yaml against the code.</summary>
public sealed class AsyncApiTests : IAsyncLifetime
{
    /// <summary>Read and written by code of its own on both sides, because it holds other frames.</summary>
    private const string Batch = "batch";

    /// <summary>Server frames that answer a client's; <c>message_status</c> does when it says <c>sent</c>, and
    /// <c>snapshot</c> when it was asked for.</summary>
    private static readonly string[] Replies =
        ["authenticated", "error", "heartbeat", "history", "message_status", "snapshot", "subscribed", "unsubscribed"];

    private static readonly Dictionary<string, FrozenDictionary<string, JsonTypeInfo>> ClientTypes = new()
    {
        ["chat"] = FrameReader.ChatTypes,
        ["streams"] = FrameReader.StreamTypes,
    };

    // A publisher's error has the type of a refusal, but is a frame of its own.
    private static readonly Dictionary<string, Type> ServerTypes = typeof(ServerFrame)
        .GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(derived => (string?)derived.TypeDiscriminator ?? "execution_error", derived => derived.DerivedType);

    private AsyncApiDocument _document = null!;

    public static TheoryData<string> Channels => [.. ClientTypes.Keys];

    public async ValueTask InitializeAsync() =>
        _document = await AsyncApiDocument.LoadAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Channels))]
    public void ClientFrames_AreThoseThatTheReaderKnows(string channel) =>
        AssertSame([.. ClientTypes[channel].Keys, Batch], _document.Messages(channel, "client").Keys);

    [Fact]
    public void ServerFrames_AreThoseThatCanBeWritten() =>
        AssertSame([.. ServerTypes.Keys, Batch], ServerPayloads().Keys);

    [Theory]
    [MemberData(nameof(Channels))]
    public void ClientFields_AreThoseThatAreRead(string channel)
    {
        var comparison = SchemaComparison.ForReading(_document);
        var messages = _document.Messages(channel, "client");

        Assert.Empty(ClientTypes[channel].SelectMany(type =>
            comparison.Differences(type.Value, messages[type.Key]["payload"]!, type.Key)));
        Assert.All(messages.Values, message => Assert.True(CarriesRequestId(message["payload"]!)));
    }

    [Fact]
    public void ServerFields_AreThoseThatAreWritten()
    {
        var comparison = SchemaComparison.ForWriting(_document);
        var payloads = ServerPayloads();

        Assert.Empty(ServerTypes.SelectMany(type =>
            comparison.Differences(FrameJson.Default.GetTypeInfo(type.Value)!, payloads[type.Key], type.Key)));
        AssertSame(Replies, payloads.Where(payload => CarriesRequestId(payload.Value)).Select(payload => payload.Key));
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Frame_DemandsItsType(string channel)
    {
        Assert.All(_document.Messages(channel, "client"), AssertDemandsType);
        Assert.All(_document.Messages(channel, "server"), AssertDemandsType);
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Frames_AreAllInAnOperation(string channel) => AssertSame(
        _document.At("channels", channel, "messages").AsObject()
            .Select(message => $"#/channels/{channel}/messages/{message.Key}"),
        _document.At("operations").AsObject()
            .SelectMany(operation => operation.Value!["messages"]!.AsArray())
            .Select(message => message!["$ref"]!.GetValue<string>())
            .Where(reference => reference.StartsWith($"#/channels/{channel}/", StringComparison.Ordinal)));

    [Fact]
    public void Messages_AreAllOnAChannel() => AssertSame(
        _document.At("components", "messages").AsObject().Select(message => $"#/components/messages/{message.Key}"),
        ClientTypes.Keys.SelectMany(channel => _document.At("channels", channel, "messages").AsObject())
            .Select(message => message.Value!["$ref"]!.GetValue<string>()).Distinct());

    [Fact]
    public void Errors_AreThoseThatTheCodeGives()
    {
        var given = ErrorsOfTheCode().Select(error => $"{error.Code}: {error.Message}").Distinct();
        var schema = _document.At("components", "schemas", "ErrorCode");
        var described = schema["x-errors"]!.AsArray();

        AssertSame(given, described.Select(error => $"{error!["code"]}: {error["message"]}"));
        AssertSame(described.Select(error => error!["code"]!.GetValue<string>()).Distinct(), Strings(schema["enum"]!));
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void CloseCodes_AreThoseOfTheCode(string channel)
    {
        var described = _document.At("channels", channel, "x-close-codes").AsArray();

        AssertSame(
            Enum.GetValues<CloseCode>().Select(code => $"{(int)code} {code.Reason()}"),
            described.Select(code => $"{code!["code"]} {code["reason"]}"));
    }

    /// <summary>Makes every error that <see cref="Errors"/> can make.</summary>
    private static IEnumerable<ErrorNotice> ErrorsOfTheCode() => typeof(Errors)
        .GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Where(method => method.ReturnType == typeof(ErrorNotice))
        .Select(method => (ErrorNotice)method.Invoke(null, [.. method.GetParameters().Select(DefaultOf)])!);

    private static object? DefaultOf(ParameterInfo parameter) =>
        parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : "";

    private static bool CarriesRequestId(JsonNode payload) =>
        payload["properties"]!.AsObject().ContainsKey("request_id");

    private static void AssertDemandsType(KeyValuePair<string, JsonObject> message)
    {
        var type = message.Value["payload"]!["properties"]!["type"]!["const"]!.GetValue<string>();
        Assert.Equal(message.Key == "execution_error" ? "error" : message.Key, type);
        Assert.Equal(type, message.Value["name"]!.GetValue<string>());
        Assert.Contains("type", Strings(message.Value["payload"]!["required"]!));
    }

    /// <summary>Of all sockets.</summary>
    private Dictionary<string, JsonNode> ServerPayloads() => ClientTypes.Keys
        .SelectMany(channel => _document.Messages(channel, "server"))
        .DistinctBy(message => message.Key)
        .ToDictionary(message => message.Key, message => message.Value["payload"]!);

    private static IEnumerable<string> Strings(JsonNode array) =>
        array.AsArray().Select(text => text!.GetValue<string>());

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
}
