using System.Net.WebSockets;
using System.Threading.Channels;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

/// <summary>What tests under load share.</summary>
internal static class Load
{
    /// <summary>Limits that senders and readers of these tests do not reach.</summary>
    public static IReadOnlyDictionary<string, string?> Limits { get; } = new Dictionary<string, string?>
    {
        ["NewLoom__Limits__MessagesPerSecond"] = "10000",
        ["NewLoom__Limits__MessagesBurst"] = "100000",
        ["NewLoom__Limits__FramesPerSecond"] = "10000",
        ["NewLoom__Limits__FrameBurst"] = "10000",
    };

    /// <summary>Makes users and chats of which all of them are members.</summary>
    public static async Task<(List<(string Name, string Token)> Users, List<long> ChatIds)> PopulateAsync(
        ServiceProcess service, int userCount, int chatCount)
    {
        var world = new World(service);
        var users = new List<(string Name, string Token)>();
        while (users.Count < userCount)
        {
            users.Add(await world.UserAsync());
        }

        var chatIds = new List<long>();
        while (chatIds.Count < chatCount)
        {
            chatIds.Add(await world.ChatAsync(users[0], [.. users.Skip(1)]));
        }

        return (users, chatIds);
    }

    /// <summary>Whether the service ended under a client: while it connected, read or (a socket that is aborted calls
    /// it cancelled) sent.</summary>
    public static bool IsCutOff(Exception e) =>
        e is ChannelClosedException or WebSocketException or HttpRequestException
        || (e is OperationCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested);

    /// <summary>Waits for the task, and fails at once when one of the clients has failed.</summary>
    public static async Task FirstOf(Task task, IEnumerable<Task> clients) =>
        await await Task.WhenAny(clients.Prepend(task));
}
