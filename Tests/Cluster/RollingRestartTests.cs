using NewLoom.Tests.Durability;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Cluster;

/// <summary>Every process of a cluster is stopped and started again, one after the other, while clients talk.</summary>
public sealed class RollingRestartTests
{
    private const int ChatCount = 6;
    private const int MessagesBetween = 100;

    /// <summary>A chat that goes on without telling its viewers gets about a hundred ahead of them in a
    /// second.</summary>
    private const long LagLimit = 300;

    /// <summary>On a machine of its own it stays below 2 s; what it was is written out.</summary>
    private static readonly TimeSpan GapLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task RollingRestart_LosesNothingAndKeepsNobodyWaiting()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var cluster = await ClusterProcesses.StartAsync(siloCount: 2, gatewayCount: 2, ct);
        var (users, chatIds) = await Load.PopulateAsync(cluster.Gateways[0], 2 * ChatCount, ChatCount);
        var (books, confirmed) = (new Books(), new Tally());

        // Two members of each chat, on different gateways.
        var clients = users
            .Select((user, i) => new RoamingClient(cluster.Gateways, i / ChatCount, books, user, chatIds[i % ChatCount])
            {
                IsExtended = i % 2 == 0,
                Confirmed = confirmed,
            })
            .ToList();
        var running = clients.Select(client => client.RunAsync()).ToList();
        foreach (var process in cluster.Silos.Concat(cluster.Gateways))
        {
            await Load.FirstOf(confirmed.ActAfter(MessagesBetween).WaitAsync(Limit, ct), running);
            await Load.FirstOf(process.StopAsync(ct), running);
            await Load.FirstOf(process.StartAsync(ct), running);
        }

        await Load.FirstOf(confirmed.ActAfter(MessagesBetween).WaitAsync(Limit, ct), running);
        clients.ForEach(client => client.Finish());
        await Task.WhenAll(running).WaitAsync(Limit, ct);

        var history = new List<ToldMessage>();
        foreach (var chatId in chatIds)
        {
            history.AddRange(await History.ReadAsync(cluster.Gateways[0], users[0].Token, chatId));
        }

        books.AssertAgree(history);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{history.Count} messages; longest wait for the next one {clients.Max(client => client.LongestGap)}; " +
            $"largest lag {clients.Max(client => client.LargestLag)}; " +
            $"{clients.Sum(client => client.RefusalCount)} times 'unavailable', " +
            $"{clients.Sum(client => client.MoveCount)} moves");
        Assert.All(clients, client => Assert.InRange(client.LargestLag, 0, LagLimit));
        Assert.All(clients, client => Assert.InRange(client.LongestGap, TimeSpan.Zero, GapLimit));
    }
}
