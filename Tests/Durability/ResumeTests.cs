using System.Net.Http.Json;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

/// <summary>Clients that come and go under load miss nothing and see nothing twice.</summary>
public sealed class ResumeTests
{
    private const int ReaderCount = 6;
    private const int BreaksPerReader = 12;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(null)]
    [InlineData("SIGKILL")]
    [InlineData("SIGTERM")]
    public async Task Reader_MissesNothingAndSeesNothingTwice_WhenItResumesUnderLoad(string? signal)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(Load.Limits);
        await service.StartAsync(ct);
        var (users, chatIds) = await Load.PopulateAsync(service, userCount: 3, chatCount: 1);
        var (uptime, books, broken) = (new Uptime(), new Books(), new Tally());
        var senders = users[1..]
            .Select(user => new LoadSender(service, uptime, books, user, chatIds) { Confirmed = new Tally() })
            .ToList();
        var readers = Enumerable.Range(0, ReaderCount)
            .Select(i => new ResumingReader(service, uptime, books, users[0].Token, chatIds[0])
            {
                BreakCount = BreaksPerReader,
                Drops = i % 2 == 0,
                Broken = broken,
            })
            .ToList();
        var sending = senders.Select(sender => sender.RunAsync()).ToList();
        var reading = readers.Select(reader => reader.RunAsync()).ToList();

        var half = broken.ActAfter(ReaderCount * BreaksPerReader / 2);
        uptime.Begin();
        await Load.FirstOf(half.WaitAsync(Limit, ct), [.. sending, .. reading]);
        var rest = broken.ActAfter(ReaderCount * BreaksPerReader / 3);
        await RestartAsync(service, uptime, signal);
        await Load.FirstOf(rest.WaitAsync(Limit, ct), [.. sending, .. reading]);

        senders.ForEach(sender => sender.Finish());
        await Task.WhenAll(sending).WaitAsync(Limit, ct);
        await EndAsync(service, books, users[0], chatIds[0]);
        await Task.WhenAll(reading).WaitAsync(Limit, ct);
        var history = await History.ReadAsync(service, users[0].Token, chatIds[0]);
        books.AssertAgree(history);
        Assert.All(readers, reader => Assert.Equal(history.Count, reader.LastSeq));
    }

    private static async Task RestartAsync(ServiceProcess service, Uptime uptime, string? signal)
    {
        var ct = TestContext.Current.CancellationToken;
        switch (signal)
        {
            case null:
                return;
            case "SIGKILL":
                await service.KillAsync(ct);
                break;
            default:
                Assert.Equal(0, await service.StopAsync(ct).WaitAsync(Limit, ct));
                break;
        }

        await service.StartAsync(ct);
        uptime.Begin();
    }

    private static async Task EndAsync(
        ServiceProcess service, Books books, (string Name, string Token) user, long chatId)
    {
        books.Write(new Draft(chatId, user.Name, ResumingReader.TheEnd, null));
        using var http = service.Http(user.Token);
        var answer = await http.PostAsJsonAsync(
            $"api/chats/{chatId}/messages",
            new { content = ResumingReader.TheEnd },
            TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
