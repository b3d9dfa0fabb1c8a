using System.Diagnostics;
using System.Text.Json.Nodes;
using NewLoom.Tests.Durability;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Cluster;

/// <summary>A member of one chat who always has a message under way, and goes to another gateway when its own sends it
/// away. Complains about every message that is missing, doubled or out of order.</summary>
internal sealed class RoamingClient(
    IReadOnlyList<ServiceProcess> gateways, int first, Books books, (string Name, string Token) user, long chatId)
{
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(20);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Stopwatch _sinceMessage = new();
    private int _gateway = first;
    private int _count;
    private long _last;
    private Draft? _open;
    private TimeSpan _comeBackAt;
    private volatile bool _isFinishing;

    /// <summary>The longest time without any message of the chat.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>How many messages of the chat it had not heard of at most when one of its own was confirmed.</summary>
    public long LargestLag { get; private set; }

    /// <summary>How often it was told to try again later.</summary>
    public int RefusalCount { get; private set; }

    /// <summary>How often its socket was closed.</summary>
    public int MoveCount { get; private set; }

    /// <summary>Whether it speaks <c>newloom.v1</c>, and comes back when it is told to.</summary>
    public bool IsExtended { get; init; }

    /// <summary>Counts what was confirmed.</summary>
    public required Tally Confirmed { get; init; }

    /// <summary>Sends nothing new any more; <see cref="RunAsync"/> ends when all is confirmed.</summary>
    public void Finish() => _isFinishing = true;

    public async Task RunAsync()
    {
        while (true)
        {
            try
            {
                await using var socket = await TestSocket.OpenAsync(
                    gateways[_gateway % gateways.Count], user.Token, IsExtended, query: "chats=none");
                await socket.SendAsync(ClientFrames.Subscribe(chatId, _last));
                await SpeakAsync(socket);
                return;
            }
            catch (Exception e) when (Load.IsCutOff(e))
            {
                _gateway++;
                MoveCount++;
                var told = _comeBackAt - _clock.Elapsed;
                await Task.Delay(
                    told > ReconnectDelay ? told : ReconnectDelay,
                    TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    private async Task SpeakAsync(TestSocket socket)
    {
        if (_open is not null)
        {
            await SendAsync(socket);
        }

        while (true)
        {
            if (_open is null && _isFinishing)
            {
                return;
            }

            if (_open is null)
            {
                _open = new Draft(chatId, user.Name, $"{user.Name} {++_count}", $"c{_count}");
                books.Write(_open);
                await SendAsync(socket);
            }

            await TakeAsync(socket, await socket.NextAsync());
        }
    }

    private async Task TakeAsync(TestSocket socket, JsonObject frame)
    {
        switch (frame.Get<string>("type"))
        {
            case "message":
                Take(ToldMessage.Of(frame["message"]!));
                break;
            case "message_status":
                books.Tell(ToldMessage.OfSent(frame, $"{user.Name} {frame.Get<string>("client_id")[1..]}"));
                LargestLag = Math.Max(LargestLag, frame.Get<long>("seq") - _last);
                if (frame.Get<string>("client_id") == _open?.ClientId)
                {
                    _open = null;
                    Confirmed.Add();
                }

                break;
            case "error" when frame.Get<string>("code") == "unavailable":
                RefusalCount++;
                await Task.Delay(
                    TimeSpan.FromMilliseconds(frame.Get<long>("retry_after_ms")),
                    TimeProvider.System, TestContext.Current.CancellationToken);
                await (frame["client_id"] is null
                    ? socket.SendAsync(ClientFrames.Subscribe(chatId, _last))
                    : SendAsync(socket));
                break;
            case "disconnect":
                _comeBackAt = _clock.Elapsed + TimeSpan.FromMilliseconds(frame.Get<long>("reconnect_after_ms"));
                break;
            case "subscribed" or "welcome" or "presence" or "chat_added":
                break;
            default:
                books.Complain(frame.ToJsonString());
                break;
        }
    }

    private void Take(ToldMessage message)
    {
        books.Tell(message);
        if (message.Seq != _last + 1)
        {
            books.Complain($"{user.Name} expected {_last + 1}, but got {message}");
        }

        _last = message.Seq;
        LongestGap = _sinceMessage.Elapsed > LongestGap ? _sinceMessage.Elapsed : LongestGap;
        _sinceMessage.Restart();
    }

    private Task SendAsync(TestSocket socket) => _open is { } draft
        ? socket.SendAsync(ClientFrames.Message(chatId, draft.Content, draft.ClientId))
        : Task.CompletedTask;
}
