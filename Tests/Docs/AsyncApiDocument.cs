using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace NewLoom.Tests.Docs;

/// <summary>docs/asyncapi.yaml, as JSON.</summary>
internal sealed class AsyncApiDocument
{
    private readonly JsonNode _root;

    private AsyncApiDocument(JsonNode root) => _root = root;

    public static async Task<AsyncApiDocument> LoadAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Docs", "asyncapi.yaml");
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var writer = new SerializerBuilder().JsonCompatible().Build();
        var read = reader.Deserialize(await File.ReadAllTextAsync(path, cancellationToken));
        return new AsyncApiDocument(JsonNode.Parse(writer.Serialize(read))!);
    }

    /// <summary>The node at a path of keys, references on the way resolved.</summary>
    public JsonNode At(params string[] keys) => keys.Aggregate(_root, (node, key) => Resolve(Resolve(node)[key]
        ?? throw new KeyNotFoundException($"The document has no {string.Join('/', keys)}.")));

    /// <summary>The node itself, or what its <c>$ref</c> names.</summary>
    public JsonNode Resolve(JsonNode node) =>
        node is JsonObject fields && fields["$ref"] is { } reference
            ? At(reference.GetValue<string>()["#/".Length..].Split('/'))
            : node;

    /// <summary>The messages of a socket that one side sends, by what the channel calls them.</summary>
    /// <param name="channel"><c>chat</c> or <c>streams</c>.</param>
    /// <param name="side"><c>client</c> or <c>server</c>.</param>
    public Dictionary<string, JsonObject> Messages(string channel, string side) =>
        At("channels", channel, "messages").AsObject()
            .Where(message => message.Key.StartsWith($"{side}.", StringComparison.Ordinal))
            .ToDictionary(message => message.Key[(side.Length + 1)..], message => Resolve(message.Value!).AsObject());
}
