using System.Diagnostics;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Cluster;

/// <summary>Sends one message after the other on one socket, and repeats each until it is confirmed.</summary>
internal sealed class PersistentSender(TestSocket socket, long chatId)
{
    private int _count;

    /// <summary>What was confirmed, in order.</summary>
    public List<string> Confirmed { get; } = [];

    /// <summary>How long answers of 'unavailable' took.</summary>
    public List<TimeSpan> Refusals { get; } = [];

    /// <summary>How long messages took from the first try to the confirmation.</summary>
    public List<TimeSpan> Waits { get; } = [];

    /// <summary>Sends the next message and returns when it is confirmed.</summary>
    /// <returns>Where the chat has put it.</returns>
    public async Task<long> SendAsync()
    {
        var watch = Stopwatch.StartNew();
        var content = $"message {++_count}";
        while (true)
        {
            var answer = await TryAsync(content);
            if (answer.Get<string>("type") == "message_status")
            {
                Confirmed.Add(content);
                Waits.Add(watch.Elapsed);
                return answer.Get<long>("seq");
            }

            await Task.Delay(
                TimeSpan.FromMilliseconds(answer.Get<long>("retry_after_ms")),
                TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Sends messages until the task has ended.</summary>
    public async Task SendUntilAsync(Task end)
    {
        while (!end.IsCompleted)
        {
            await SendAsync();
        }

        await end;
    }

    private async Task<JsonObject> TryAsync(string content)
    {
        var watch = Stopwatch.StartNew();
        await socket.SendAsync(ClientFrames.Message(chatId, content, content));
        while (true)
        {
            var frame = await socket.NextAsync();
            if (frame["client_id"]?.GetValue<string>() != content)
            {
                continue;
            }

            if (frame.Get<string>("type") == "error")
            {
                Assert.Equal("unavailable", frame.Get<string>("code"));
                Refusals.Add(watch.Elapsed);
            }

            return frame;
        }
    }
}
