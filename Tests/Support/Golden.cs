using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NewLoom.Tests.Support;

/// <summary>Compares whole frames: exactly the expected fields and no others, in any order.</summary>
/// <remarks>What differs from run to run is written as a mark, which stands for every value of its shape: <c>#id</c>,
/// <c>#time</c>, <c>#text</c>, <c>#wait</c>.</remarks>
internal static partial class Golden
{
    private const long IdMax = (1L << 53) - 1;

    public static void Equal(string expected, JsonNode actual)
    {
        var wanted = JsonNode.Parse(expected)!;
        Assert.True(
            JsonNode.DeepEquals(wanted, Normalised(wanted, actual)),
            $"Expected {wanted.ToJsonString()}\nbut got  {actual.ToJsonString()}");
    }

    /// <summary>A copy of the frame with marks in place of the values that have the shape of the mark.</summary>
    private static JsonNode? Normalised(JsonNode? wanted, JsonNode? actual) => (wanted, actual) switch
    {
        (JsonObject fields, JsonObject values) => new JsonObject(
            values.Select(field => KeyValuePair.Create(field.Key, Normalised(fields[field.Key], field.Value)))),
        (JsonArray items, JsonArray values) => new JsonArray(
            [.. values.Select((value, i) => Normalised(i < items.Count ? items[i] : null, value))]),
        (JsonValue mark, JsonValue value) when mark.GetValueKind() == JsonValueKind.String
            && HasShape(mark.GetValue<string>(), value) => mark.DeepClone(),
        _ => actual?.DeepClone(),
    };

    private static bool HasShape(string mark, JsonValue value) => mark switch
    {
        "#id" => value.TryGetValue<long>(out var id) && id is >= 1 and <= IdMax,
        "#wait" => value.TryGetValue<long>(out var wait) && wait is >= 0 and <= 60_000,
        "#text" => value.TryGetValue<string>(out var text) && text.Length > 0,
        "#time" => value.TryGetValue<string>(out var time) && Rfc3339().IsMatch(time)
            && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out _),
        _ => false,
    };

    // RFC 3339 §5.6, in UTC and at most milliseconds.
    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z\z")]
    private static partial Regex Rfc3339();
}
