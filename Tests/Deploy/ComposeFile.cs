using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace NewLoom.Tests.Deploy;

/// <summary>compose.yaml, with its variables filled in.</summary>
internal sealed partial class ComposeFile
{
    private readonly JsonNode _root;

    private ComposeFile(JsonNode root) => _root = root;

    public static string Path => DeployFiles.PathOf("compose.yaml");

    /// <summary>The names of all services.</summary>
    public IEnumerable<string> Names => _root["services"]!.AsObject().Select(service => service.Key);

    /// <param name="variables">What the file .env would hold.</param>
    public static ComposeFile Load(IReadOnlyDictionary<string, string> variables)
    {
        var text = Variable().Replace(File.ReadAllText(Path), match => variables[match.Groups["name"].Value])
            .Replace("$$", "$", StringComparison.Ordinal);
        var reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var read = reader.Deserialize(new MergingParser(new Parser(new StringReader(text))));
        return new ComposeFile(JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(read))!);
    }

    /// <summary>The names of the variables that have to be in .env.</summary>
    public static IEnumerable<string> Variables() =>
        Variable().Matches(File.ReadAllText(Path)).Select(match => match.Groups["name"].Value).Distinct();

    public JsonNode Service(string name) => _root["services"]![name]!;

    /// <summary>A service's environment variables.</summary>
    public Dictionary<string, string> Environment(string name) =>
        Service(name)["environment"]!.AsObject().ToDictionary(pair => pair.Key, pair => $"{pair.Value}");

    /// <summary>The address that a service has in the containers' network.</summary>
    public string Address(string name) => $"{Service(name)["networks"]!["cluster"]!["ipv4_address"]}";

    /// <summary>The network's first three numbers, with the point after them.</summary>
    public string Network => _root["networks"]!["cluster"]!["ipam"]!["config"]![0]!["subnet"]!.GetValue<string>()
        .Replace("0/24", "", StringComparison.Ordinal);

    /// <summary>A health check's command, without what says how it is started.</summary>
    public List<string> HealthCheck(string name) =>
        [.. Service(name)["healthcheck"]!["test"]!.AsArray().Skip(1).Select(part => $"{part}")];

    /// <summary>How long a service may take to stop.</summary>
    public TimeSpan GracePeriod(string name) => TimeSpan.FromSeconds(double.Parse(
        Service(name)["stop_grace_period"]!.GetValue<string>().TrimEnd('s'), CultureInfo.InvariantCulture));

    /// <summary>One that is needed, with what is said where it lacks: nothing else occurs.</summary>
    [GeneratedRegex(@"\$\{(?<name>\w+):\?[^}]+\}")]
    private static partial Regex Variable();
}
