using System.CommandLine;
using NewLoom.Bench.Deliveries;

namespace NewLoom.Bench.Scenarios;

/// <summary>The command line's options that every scenario has, and those that all scenarios with rooms have.</summary>
/// <param name="hasRooms">Whether it is about chats.</param>
/// <param name="hasDeliveries">Whether it counts deliveries to many sockets.</param>
/// <param name="hasServer">Whether it is about a service that runs already.</param>
public sealed class SharedOptions(bool hasRooms, bool hasDeliveries, bool hasServer)
{
    private const string AdminTokenVariable = "NewLoom__AdminToken";

    private readonly Option<string[]> _urls = new Option<string[]>("--url")
    {
        Description = "A gateway; several may be given, and the sockets take turns",
        DefaultValueFactory = _ => ["http://127.0.0.1:8000"],
    }.MustBeHttp();

    private readonly Option<string?> _adminToken = new("--admin-token")
    {
        Description =
            $"The administrator's token, for creating users, chats and streams (default: ${AdminTokenVariable})",
    };

    private readonly Option<string?> _socketsFile = new("--sockets-file")
    {
        Description = "Create nothing, and open these: a line 'CHATID /PATH' for each socket, room by room",
    };

    private readonly Option<string[]> _pids = new Option<string[]>("--pid")
    {
        Description = "The server's process ids, separated by commas; descendants are included",
        DefaultValueFactory = _ => [],
    }.MustBeIds();

    private readonly Option<int> _members = ScenarioOption.Whole("--members", 10, 1, 100_000, "Sockets in a room");

    private readonly Option<int> _bytes = ScenarioOption.Whole(
        "--bytes", 64, Marker.ByteCount, 4_000, "Characters of a message's content");

    private readonly Option<int> _connects = ScenarioOption.Whole(
        "--connects", 48, 1, 1_000, "Connects under way at the same time");

    private readonly Option<double> _settle = ScenarioOption.Seconds(
        "--settle", 1, "Pause between the last connect and the first message");

    private readonly Option<double> _drain = ScenarioOption.Seconds(
        "--drain", 10, "How long after the last message a delivery is waited for");

    /// <summary>Whether the result is to be one line of JSON.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Write the result as one line of JSON; the summary goes to the error output",
    };

    /// <summary>Lets a command take them.</summary>
    public void AddTo(Command command)
    {
        Option[] rooms = hasRooms ? [_members, _bytes] : [];
        Option[] deliveries = hasDeliveries ? [_connects, _settle, _drain] : [];
        Option[] server = hasServer ? [_urls, _adminToken, _pids] : [];
        Option[] file = hasServer && hasRooms ? [_socketsFile] : [];
        ReadOnlySpan<Option> all = [.. server, .. file, .. rooms, .. deliveries, Json];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The values that were given.</summary>
    /// <exception cref="BenchException">They do not go together.</exception>
    public BenchSettings Read(ParseResult parsed)
    {
        var settings = new BenchSettings
        {
            Servers = hasServer ? [.. parsed.GetValue(_urls)!.Select(url => new Uri(url))] : [],
            AdminToken = hasServer
                ? parsed.GetValue(_adminToken) ?? Environment.GetEnvironmentVariable(AdminTokenVariable)
                : null,
            SocketsFile = hasServer && hasRooms ? parsed.GetValue(_socketsFile) : default,
            ProcessIds = hasServer ? [.. ScenarioOption.Ids(parsed.GetValue(_pids)!)] : [],
            Members = hasRooms ? parsed.GetValue(_members) : default,
            ContentBytes = hasRooms ? parsed.GetValue(_bytes) : default,
            ConnectsAtOnce = hasDeliveries ? parsed.GetValue(_connects) : default,
            Settle = TimeSpan.FromSeconds(hasDeliveries ? parsed.GetValue(_settle) : 0),
            Drain = TimeSpan.FromSeconds(hasDeliveries ? parsed.GetValue(_drain) : 0),
        };
        if (hasServer)
        {
            settings.Check();
        }

        return settings;
    }
}
