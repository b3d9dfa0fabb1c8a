using NewLoom.Bench.Cluster;
using NewLoom.Bench.Rooms;

namespace NewLoom.Bench.Chaos;

/// <summary>Holds what clients were told against what is stored, when nothing moves any more.</summary>
internal sealed class ChaosAudit(ChaosLoad load, StoredLog stored, ChaosBooks books)
{
    private const int PageCount = 200;

    /// <summary>Compares everything; what does not agree becomes a complaint.</summary>
    public async Task RunAsync(IEnumerable<Uri> gateways, CancellationToken cancellationToken)
    {
        var all = gateways.ToList();
        for (var i = 0; i < load.Senders.Count; i++)
        {
            var sender = load.Senders[i];
            var log = await stored.MessagesAsync(sender.Chat.Id, cancellationToken);
            CheckLog(sender, log);
            foreach (var reader in load.Readers.Where(reader => reader.Chat == sender.Chat))
            {
                CheckReader(reader, log);
            }

            var shown = await HistoryAsync(all[i % all.Count], sender.Chat.Id, cancellationToken);
            Demand(shown.SequenceEqual(log), $"{sender.Chat}: GET messages shows something else than is stored");
        }

        foreach (var stream in load.Publishers.Select(publisher => publisher.Stream).Distinct())
        {
            var events = await stored.EventsAsync(stream.Id, cancellationToken);
            var jobs = new JobAudit(stream, events, books);
            jobs.CheckLog(await stored.ExecutionsAsync(stream.Id, cancellationToken));
            jobs.CheckReports(load.Publishers.Where(publisher => publisher.Stream == stream)
                .SelectMany(publisher => publisher.Confirmed));
            foreach (var viewer in load.Viewers.Where(viewer => viewer.Stream == stream))
            {
                jobs.CheckViewer(viewer);
            }
        }
    }

    private void CheckLog(ChatSender sender, List<ToldMessage> log)
    {
        var lost = sender.Confirmed
            .Where(told => told.Seq > log.Count || log[(int)told.Seq - 1] != told).ToList();
        Demand(
            lost.Count == 0,
            $"{sender.Chat}: {lost.Count} of {sender.Confirmed.Count} confirmed messages are lost or moved: " +
            $"{string.Join(", ", lost.Take(3))}");
        Demand(
            log.Select(message => message.Seq).SequenceEqual(Enumerable.Range(1, log.Count).Select(seq => (long)seq)),
            $"{sender.Chat}: the places have gaps");
        Demand(
            log.Zip(log.Skip(1)).All(pair => pair.First.Id < pair.Second.Id), $"{sender.Chat}: ids do not rise");
        Demand(
            log.Select(message => message.Content).Distinct().Count() == log.Count,
            $"{sender.Chat}: a message is stored more than once");
        Demand(
            log.Count >= sender.Confirmed.Count && log.Count <= sender.Confirmed.Count + sender.OpenCount,
            $"{sender.Chat}: {log.Count} messages are stored, but {sender.Confirmed.Count} were confirmed, and of " +
            $"{sender.OpenCount} the sender does not know");
    }

    private void CheckReader(ChatReader reader, List<ToldMessage> log)
    {
        var wrong = reader.Seen.Zip(log).Count(pair => pair.First != pair.Second);
        Demand(
            reader.Seen.Count == log.Count && wrong == 0,
            $"{reader.Name} saw {reader.Seen.Count} messages of {log.Count}, {wrong} of them other ones");
    }

    private async Task<List<ToldMessage>> HistoryAsync(Uri gateway, long chatId, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(gateway, BenchCluster.AdminToken, TimeProvider.System);
        var pages = new List<List<ToldMessage>>();
        for (var before = ""; ;)
        {
            var page = await api.GetAsync(
                $"/api/chats/{chatId}/messages?limit={PageCount}{before}", load.ReaderToken, cancellationToken);
            var messages = page.GetProperty("messages").EnumerateArray().Select(ToldMessage.Of).ToList();
            pages.Insert(0, messages);
            if (!page.GetProperty("has_more").GetBoolean())
            {
                return [.. pages.SelectMany(messages => messages)];
            }

            before = $"&before_seq={messages[0].Seq}";
        }
    }

    private void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            books.Complain(otherwise);
        }
    }
}
