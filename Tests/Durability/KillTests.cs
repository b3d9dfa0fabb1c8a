using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

/// <summary>What was confirmed or shown survives the process, however often it is killed.</summary>
public sealed class KillTests
{
    private const int KillCount = 21;
    private const int ChatCount = 4;
    private const int SenderCount = 8;

    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Messages_AreNeverLostDoubledOrMoved_WhenTheProcessIsKilledUnderLoad()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(Load.Limits);
        await service.StartAsync(ct);
        var (users, chatIds) = await Load.PopulateAsync(service, SenderCount, ChatCount);
        var (uptime, books, confirmed) = (new Uptime(), new Books(), new Tally());
        var senders = users
            .Select(user => new LoadSender(service, uptime, books, user, chatIds) { Confirmed = confirmed })
            .ToList();
        var running = senders.Select(sender => sender.RunAsync()).ToList();

        for (var kill = 0; kill < KillCount; kill++)
        {
            // From the first confirmation to well under way: each falls at another point of a batch.
            var killed = confirmed.ActAfter(1 + (kill * 17 % 120), () => service.Process.Kill());
            uptime.Begin();
            await Load.FirstOf(killed.WaitAsync(KillLimit, ct), running);
            await service.Process.WaitForExitAsync(ct);
            await service.StartAsync(ct);
        }

        senders.ForEach(sender => sender.Finish());
        uptime.Begin();
        await Task.WhenAll(running).WaitAsync(KillLimit, ct);

        var history = new List<ToldMessage>();
        foreach (var chatId in chatIds)
        {
            history.AddRange(await History.ReadAsync(service, users[0].Token, chatId));
        }

        books.AssertAgree(history);
        TestContext.Current.TestOutputHelper?.WriteLine($"{history.Count} messages over {KillCount} kills");
    }
}
