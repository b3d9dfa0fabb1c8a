using System.Text.Json.Nodes;
using NewLoom.Tests.Durability;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Deploy;

/// <summary>A member who says one thing after the other, each when it has seen the one before; a lost socket is opened
/// again and resumed, and what was not seen is said again.</summary>
/// <param name="name">The user's name.</param>
/// <param name="chatId">The chat.</param>
/// <param name="open">Opens a socket without chats.</param>
internal sealed class ChattingMember(string name, long chatId, Func<Task<TestSocket>> open)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _isUnderWay = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _ownCount;

    /// <summary>How many messages the member says, and the other one too.</summary>
    public required int Count { get; init; }

    /// <summary>Everything seen, in order: it is checked that no place is missing or comes twice.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>Open sockets that were lost.</summary>
    public int LostCount { get; private set; }

    /// <summary>Sockets that could not be opened.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>Ends when a third of the messages have been seen.</summary>
    public Task UnderWay => _isUnderWay.Task;

    /// <summary>Chats until both have said everything.</summary>
    public async Task RunAsync()
    {
        while (Seen.Count < 2 * Count)
        {
            var isOpen = false;
            try
            {
                await using var socket = await open();
                isOpen = true;
                await ChatAsync(socket);
            }
            catch (Exception e) when (Load.IsCutOff(e))
            {
                (LostCount, RefusedCount) = isOpen ? (LostCount + 1, RefusedCount) : (LostCount, RefusedCount + 1);
                await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    private async Task ChatAsync(TestSocket socket)
    {
        await socket.SendAsync(ClientFrames.Subscribe(chatId, Seen.Count));
        await SayNextAsync(socket);
        while (Seen.Count < 2 * Count)
        {
            var frame = await socket.NextAsync();
            switch (frame.Get<string>("type"))
            {
                case "message" when Take(frame["message"]!):
                    await SayNextAsync(socket);
                    break;
                case "error":
                    Assert.Contains(frame.Get<string>("code"), new[] { "rate_limited", "unavailable" });
                    await Task.Delay(
                        TimeSpan.FromMilliseconds(frame.Get<long>("retry_after_ms")), TimeProvider.System,
                        TestContext.Current.CancellationToken);
                    await SayNextAsync(socket);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Notes a message.</summary>
    /// <returns>Whether it is the member's own.</returns>
    private bool Take(JsonNode message)
    {
        Assert.Equal(Seen.Count + 1, message.Get<long>("seq"));
        var content = message.Get<string>("content");
        Seen.Add(content);
        if (Seen.Count >= 2 * Count / 3)
        {
            _isUnderWay.TrySetResult();
        }

        var isOwn = content == $"{name} {_ownCount + 1}";
        _ownCount += isOwn ? 1 : 0;
        return isOwn;
    }

    private async Task SayNextAsync(TestSocket socket)
    {
        if (_ownCount < Count)
        {
            var content = $"{name} {_ownCount + 1}";
            await socket.SendAsync(ClientFrames.Message(chatId, content, content));
        }
    }
}
