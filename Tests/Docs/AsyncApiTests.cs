using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Sockets;

namespace NewLoom.Tests.Docs;

/// <summary>Holds docs/asyncapi.yaml against the code.</summary>
public sealed class AsyncApiTests : IAsyncLifetime
{
    /// <summary>Read and written by code of its own on both sides, because it holds other frames.</summary>
    private const string Batch = "batch";

    /// <summary>Server frames that answer a client's; <c>message_status</c> does when it says <c>sent</c>.</summary>
    private static readonly string[] Replies =
        ["error", "heartbeat", "history", "message_status", "subscribed", "unsubscribed"];

    private static readonly Dictionary<string, Type> ServerTypes = typeof(ServerFrame)
        .GetCustomAttributes<JsonDerivedTypeAttribute>()
        .ToDictionary(derived => (string)derived.TypeDiscriminator!, derived => derived.DerivedType);

    private AsyncApiDocument _document = null!;

    public async ValueTask InitializeAsync() =>
        _document = await AsyncApiDocument.LoadAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void ClientFrames_AreThoseThatTheReaderKnows() =>
        AssertSame([.. FrameReader.ChatTypes.Keys, Batch], _document.Payloads("client").Keys);

    [Fact]
    public void ServerFrames_AreThoseThatCanBeWritten() =>
        AssertSame([.. ServerTypes.Keys, Batch], _document.Payloads("server").Keys);

    [Fact]
    public void ClientFields_AreThoseThatAreRead()
    {
        var comparison = SchemaComparison.ForReading(_document);
        var payloads = _document.Payloads("client");

        Assert.Empty(FrameReader.ChatTypes.SelectMany(type =>
            comparison.Differences(type.Value, payloads[type.Key], type.Key)));
        Assert.All(payloads.Values, payload => Assert.True(CarriesRequestId(payload)));
    }

    [Fact]
    public void ServerFields_AreThoseThatAreWritten()
    {
        var comparison = SchemaComparison.ForWriting(_document);
        var payloads = _document.Payloads("server");

        Assert.Empty(ServerTypes.SelectMany(type =>
            comparison.Differences(FrameJson.Default.GetTypeInfo(type.Value)!, payloads[type.Key], type.Key)));
        AssertSame(Replies, payloads.Where(payload => CarriesRequestId(payload.Value)).Select(payload => payload.Key));
    }

    [Theory]
    [InlineData("client")]
    [InlineData("server")]
    public void Frame_DemandsItsType(string side) => Assert.All(_document.Payloads(side), payload =>
    {
        Assert.Equal(payload.Key, payload.Value["properties"]!["type"]!["const"]!.GetValue<string>());
        Assert.Contains("type", Strings(payload.Value["required"]!));
        var name = _document.At("components", "messages", $"{side}.{payload.Key}", "name");
        Assert.Equal(payload.Key, name.GetValue<string>());
    });

    [Fact]
    public void Frames_AreAllOnTheChannel()
    {
        var frames = _document.At("components", "messages").AsObject().Select(message => message.Key).ToList();

        AssertSame(frames, _document.At("channels", "chat", "messages").AsObject().Select(message => message.Key));
        AssertSame(frames, _document.At("operations").AsObject().SelectMany(operation => operation.Value!["messages"]!
            .AsArray().Select(message => message!["$ref"]!.GetValue<string>().Split('/')[^1])));
    }

    [Fact]
    public void Errors_AreThoseThatTheCodeGives()
    {
        var given = ErrorsOfTheCode().Select(error => $"{error.Code}: {error.Message}").Distinct();
        var schema = _document.At("components", "schemas", "ErrorCode");
        var described = schema["x-errors"]!.AsArray();

        AssertSame(given, described.Select(error => $"{error!["code"]}: {error["message"]}"));
        AssertSame(described.Select(error => error!["code"]!.GetValue<string>()).Distinct(), Strings(schema["enum"]!));
    }

    [Fact]
    public void CloseCodes_AreThoseOfTheCode()
    {
        var described = _document.At("channels", "chat", "x-close-codes").AsArray();

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

    private static bool CarriesRequestId(JsonObject payload) =>
        payload["properties"]!.AsObject().ContainsKey("request_id");

    private static IEnumerable<string> Strings(JsonNode array) =>
        array.AsArray().Select(text => text!.GetValue<string>());

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
}
