using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

/// <summary>A chat with one sender and one viewer, both on one socket throughout, and the books of what was
/// confirmed.</summary>
internal sealed class ProbedChat : IAsyncDisposable
{
    private readonly ServiceProcess _service;
    private readonly (string Name, string Token) _user;
    private readonly long _chatId;
    private readonly TestSocket _sender;
    private readonly TestSocket _viewer;
    private readonly List<ToldMessage> _confirmed = [];
    private readonly List<ToldMessage> _shown = [];
    private readonly Dictionary<string, string> _refused = [];
    private int _count;

    private ProbedChat(
        ServiceProcess service, (string Name, string Token) user, long chatId, TestSocket sender, TestSocket viewer)
    {
        (_service, _user, _chatId, _sender, _viewer) = (service, user, chatId, sender, viewer);
    }

    public static async Task<ProbedChat> OpenAsync(ServiceProcess service)
    {
        var (users, chatIds) = await Load.PopulateAsync(service, userCount: 2, chatCount: 1);
        var sender = await TestSocket.OpenAsync(service, users[0].Token, query: "chats=none");
        var viewer = await TestSocket.OpenAsync(service, users[1].Token);
        return new ProbedChat(service, users[0], chatIds[0], sender, viewer);
    }

    /// <summary>Sends one message.</summary>
    /// <returns>Whether it was confirmed; else it was refused for now.</returns>
    public async Task<bool> SendAsync(string text)
    {
        var (clientId, content) = ($"c{++_count}", $"{_count} {text}");
        await WriteAsync(clientId, content);
        return await IsConfirmedAsync(clientId, content);
    }

    /// <summary>Sends several messages at once, of which none may be confirmed.</summary>
    public async Task AssertAllRefusedAsync(int count)
    {
        var drafts = Enumerable.Range(0, count).Select(_ => ($"c{++_count}", $"{_count} refused")).ToList();
        foreach (var (clientId, content) in drafts)
        {
            await WriteAsync(clientId, content);
        }

        foreach (var (clientId, content) in drafts)
        {
            Assert.False(await IsConfirmedAsync(clientId, content), $"{clientId} was confirmed");
        }
    }

    /// <summary>Repeats on the same socket what was refused; all of it must be confirmed at once.</summary>
    public async Task AssertRefusedAreStoredAsync()
    {
        foreach (var (clientId, content) in _refused.ToList())
        {
            await WriteAsync(clientId, content);
            Assert.True(await IsConfirmedAsync(clientId, content), $"{clientId} was refused again");
            _refused.Remove(clientId);
        }
    }

    /// <summary>History and viewer must have what was confirmed, in one order, and nothing else.</summary>
    public async Task AssertOnlyConfirmedAsync()
    {
        Assert.Equal(_confirmed, await History.ReadAsync(_service, _user.Token, _chatId));
        while (_shown.Count < _confirmed.Count)
        {
            _shown.Add(ToldMessage.Of((await _viewer.NextAsync())["message"]!));
        }

        Assert.Empty(await _viewer.UntilHeartbeatAsync());
        Assert.Equal(_confirmed, _shown);
        Assert.Equal(Enumerable.Range(1, _shown.Count).Select(seq => (long)seq), _shown.Select(m => m.Seq));
    }

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _viewer.DisposeAsync();
    }

    private Task WriteAsync(string clientId, string content) => _sender.SendAsync(new JsonObject
    {
        ["type"] = "message",
        ["chat_id"] = _chatId,
        ["content"] = content,
        ["client_id"] = clientId,
    });

    private async Task<bool> IsConfirmedAsync(string clientId, string content)
    {
        var answer = await _sender.NextAsync();
        Assert.Equal(clientId, answer["client_id"]?.GetValue<string>());
        if (answer["type"]!.GetValue<string>() == "message_status")
        {
            _confirmed.Add(ToldMessage.OfSent(answer, content));
            return true;
        }

        Assert.Equal("unavailable", answer["code"]!.GetValue<string>());
        Assert.InRange(answer["retry_after_ms"]!.GetValue<long>(), 1, 60_000);
        _refused[clientId] = content;
        return false;
    }
}
