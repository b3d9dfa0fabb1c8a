using System.Text.Json;
using System.Text.Json.Nodes;

namespace NewLoom.Bench.Chaos;

/// <summary>Reads one chat, and resumes on another gateway after its last message when a socket ends.</summary>
internal sealed class ChatReader(Topic chat, TopicView view, IReadOnlyList<Uri> gateways, int first)
    : ChaosClient(gateways, first)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);
    private readonly List<ToldMessage> _seen = [];

    /// <summary>The chat.</summary>
    public Topic Chat => chat;

    /// <summary>Who reads, for complaints.</summary>
    public string Name => view.Name;

    /// <summary>What it has seen, in the order in which it did; complete when nothing is missing.</summary>
    public IReadOnlyList<ToldMessage> Seen => _seen;

    /// <inheritdoc />
    protected override string Path => "/ws/chat/?chats=none";

    /// <inheritdoc />
    protected override async Task<bool> SpeakAsync(JsonSocket socket, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(socket, cancellationToken);
        }
        finally
        {
            view.StopListening();
        }
    }

    private async Task<bool> ReadAsync(JsonSocket socket, CancellationToken cancellationToken)
    {
        await SubscribeAsync(socket, cancellationToken);
        var asked = Time.GetTimestamp();
        var isSubscribed = false;
        while (true)
        {
            var (isOpen, frame) = await NextAsync(socket, TimeSpan.FromSeconds(1), cancellationToken);
            if (!isOpen)
            {
                return false;
            }

            if (!isSubscribed && Books.Outages.Lateness(asked, Time.GetTimestamp()) > AnswerLimit)
            {
                Books.Complain($"{view.Name} got no answer to 'subscribe' for {AnswerLimit.TotalSeconds} s");
                return false;
            }

            if (frame is not { } came)
            {
                continue;
            }

            switch (came.GetProperty("type").GetString())
            {
                case "message":
                    Take(ToldMessage.Of(came.GetProperty("message")), isSubscribed);
                    break;
                case "subscribed" when !came.TryGetProperty("truncated", out _):
                    isSubscribed = true;
                    view.Listen();
                    break;
                case "message_status" or "presence" or "welcome":
                    break;
                case "error" when RetryAfter(came) is { } wait:
                    Books.Count("answers 'unavailable' to a subscription");
                    await Task.Delay(wait, Time, cancellationToken);
                    await SubscribeAsync(socket, cancellationToken);
                    asked = Time.GetTimestamp();
                    break;
                default:
                    if (await IsSentAwayAsync(came, cancellationToken))
                    {
                        return false;
                    }

                    Books.Complain($"{view.Name} got {came}");
                    break;
            }
        }
    }

    private void Take(ToldMessage message, bool isSubscribed)
    {
        if (message.Seq != view.LastSeq + 1 || !isSubscribed)
        {
            Books.Complain(
                $"{view.Name} got {message} after {view.LastSeq}{(isSubscribed ? "" : ", before 'subscribed'")}");
        }

        _seen.Add(message);
        view.Take(message.Seq);
    }

    private Task SubscribeAsync(JsonSocket socket, CancellationToken cancellationToken) => socket.SendAsync(
        new JsonObject
        {
            ["type"] = "subscribe",
            ["chats"] = new JsonArray(new JsonObject { ["chat_id"] = chat.Id, ["after_seq"] = view.LastSeq }),
        },
        cancellationToken);
}
