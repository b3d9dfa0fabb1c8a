using NewLoom.Bench.Cluster;
using NewLoom.Bench.Rooms;

namespace NewLoom.Bench.Chaos;

/// <summary>The clients of a run: in each chat a sender, an extended and a plain reader on different gateways; on each
/// stream a publisher and two viewers, and on the first one two publishers that fight.</summary>
internal sealed class ChaosLoad : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _reading = [];
    private Task _sending = Task.CompletedTask;

    private ChaosLoad()
    {
    }

    /// <summary>The chats' senders.</summary>
    public List<ChatSender> Senders { get; } = [];

    /// <summary>The chats' readers.</summary>
    public List<ChatReader> Readers { get; } = [];

    /// <summary>The streams' publishers.</summary>
    public List<JobPublisher> Publishers { get; } = [];

    /// <summary>The streams' viewers.</summary>
    public List<JobViewer> Viewers { get; } = [];

    /// <summary>A token of a member of all chats.</summary>
    public string ReaderToken { get; private set; } = "";

    /// <summary>All topics.</summary>
    public IEnumerable<Topic> Topics => Senders.Select(sender => sender.Chat)
        .Concat(Publishers.Select(publisher => publisher.Stream).Distinct());

    /// <summary>Makes users, chats and streams, and starts the clients.</summary>
    public static async Task<ChaosLoad> StartAsync(
        BenchCluster cluster, ChaosBooks books, ChaosSettings settings, CancellationToken cancellationToken)
    {
        var load = new ChaosLoad();
        var gateways = cluster.Gateways.Select(gateway => gateway.Url).ToArray();
        using var api = new ApiClient(gateways[0], BenchCluster.AdminToken, TimeProvider.System);
        load.ReaderToken = await api.CreateUserAsync("reader", cancellationToken);
        var rival = await api.CreateUserAsync("rival", cancellationToken);
        for (var i = 0; i < settings.Chats; i++)
        {
            await load.AddChatAsync(api, i, gateways, books, settings, cancellationToken);
        }

        for (var i = 0; i < settings.Streams; i++)
        {
            await load.AddStreamAsync(api, i, rival, gateways, books, settings, cancellationToken);
        }

        load._reading.AddRange(load.Readers.Select(reader => reader.RunAsync(load._ending.Token)));
        load._reading.AddRange(load.Viewers.Select(viewer => viewer.RunAsync(load._ending.Token)));
        load._sending = Task.WhenAll(
            load.Senders.Select(sender => sender.RunAsync(load._ending.Token))
                .Concat(load.Publishers.Select(publisher => publisher.RunAsync(load._ending.Token))));
        return load;
    }

    /// <summary>Spreads the clients over the gateways again.</summary>
    public void SendBack()
    {
        foreach (var client in Senders.Concat<ChaosClient>(Readers).Concat(Viewers))
        {
            client.SendBack();
        }
    }

    /// <summary>Lets everything that was begun come to its end, for at most this long.</summary>
    /// <returns>Whether all of it did.</returns>
    public async Task<bool> FinishAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Senders.ForEach(sender => sender.Finish());
        Publishers.ForEach(publisher => publisher.Finish());
        try
        {
            await _sending.WaitAsync(limit, TimeProvider.System, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Closes all sockets.</summary>
    public async Task StopAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_reading.Append(_sending));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Publishers.ForEach(publisher => publisher.Dispose());
        _ending.Dispose();
    }

    /// <summary>A client failed for a reason of its own.</summary>
    public void ThrowIfFailed()
    {
        foreach (var task in _reading.Append(_sending).Where(task => task.IsFaulted))
        {
            throw new BenchException($"A client failed: {task.Exception!.GetBaseException()}");
        }
    }

    private async Task AddChatAsync(
        ApiClient api, int number, Uri[] gateways, ChaosBooks books, ChaosSettings settings,
        CancellationToken cancellationToken)
    {
        var user = $"sender{number}";
        var token = await api.CreateUserAsync(user, cancellationToken);
        var readerToken = await api.CreateUserAsync($"reader{number}", cancellationToken);
        var chatId = await api.CreateChatAsync(
            $"chat {number}", token, [$"reader{number}", "reader"], cancellationToken);
        var chat = new Topic("chat", chatId, TimeProvider.System);
        Senders.Add(new ChatSender(chat, user, gateways, number)
        {
            Books = books,
            Token = token,
            Interval = settings.Interval,
            IsExtended = number % 2 == 0,
        });
        for (var i = 0; i < 2; i++)
        {
            var view = View(chat, i, books);
            Readers.Add(new ChatReader(chat, view, gateways, number + i)
            {
                Books = books,
                Token = readerToken,
                IsExtended = i == 0,
            });
        }
    }

    private async Task AddStreamAsync(
        ApiClient api, int number, string rivalToken, Uri[] gateways, ChaosBooks books, ChaosSettings settings,
        CancellationToken cancellationToken)
    {
        var token = await api.CreateUserAsync($"worker{number}", cancellationToken);
        var viewerToken = await api.CreateUserAsync($"viewer{number}", cancellationToken);
        var streamId = await api.CreateStreamAsync(
            $"job {number}", token, [$"viewer{number}"], cancellationToken, number == 0 ? ["rival"] : []);
        var stream = new Topic("stream", streamId, TimeProvider.System);
        Publishers.Add(Publisher(token, "worker", number));
        if (number == 0)
        {
            Publishers.Add(Publisher(rivalToken, "rival", number + 1));
        }

        for (var i = 0; i < 2; i++)
        {
            Viewers.Add(new JobViewer(stream, View(stream, i, books), gateways, number + i)
            {
                Books = books,
                Token = viewerToken,
                IsExtended = i == 0,
            });
        }

        JobPublisher Publisher(string of, string name, int first) => new(
            stream, $"{name}{number}", gateways, first, settings.Seed + first)
        {
            Books = books,
            Token = of,
            Interval = settings.Interval,
        };
    }

    private static TopicView View(Topic topic, int number, ChaosBooks books)
    {
        var view = new TopicView(
            number == 0 ? "the extended reader" : "the plain reader", topic, books.Outages, TimeProvider.System);
        topic.Views.Add(view);
        return view;
    }
}
