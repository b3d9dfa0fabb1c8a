using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using NewLoom.Tests.Durability;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Cluster;

/// <summary>A silo of a cluster is killed.</summary>
public sealed class SiloDeathTests
{
    private const int ChatCount = 60;

    private static readonly TimeSpan MedianLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WorstLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Chats_AreBackSoonAndTellEverySocket_WhenTheirSiloIsKilled()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var cluster = await ClusterProcesses.StartAsync(siloCount: 2, gatewayCount: 2, ct);
        var (users, chatIds) = await Load.PopulateAsync(cluster.Gateways[0], userCount: 2, ChatCount);
        await using var viewer = await TestSocket.OpenAsync(cluster.Gateways[1], users[1].Token);
        var writer = new ChatWriter(cluster.Gateways[0], users[0].Token);
        await Task.WhenAll(chatIds.Select(chatId => writer.SendAsync(chatId, "before")));

        await cluster.Silos[1].KillAsync(ct);
        var waits = await Task.WhenAll(chatIds.Select(chatId => writer.SendAsync(chatId, "after")));

        var sorted = waits.Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{ChatCount} chats back after: median {sorted[ChatCount / 2].TotalSeconds:F2} s, " +
            $"of the dead silo (slower half) {sorted[ChatCount * 3 / 4].TotalSeconds:F2} s, " +
            $"worst {sorted[^1].TotalSeconds:F2} s; slowest refusal {writer.SlowestRefusal.TotalSeconds:F2} s");
        var seen = new HashSet<(long, string)>();
        while (seen.Count < 2 * ChatCount)
        {
            var message = (await viewer.NextAsync("message"))["message"]!;
            Assert.True(seen.Add((message.Get<long>("chat_id"), message.Get<string>("content"))), message.ToJsonString());
        }

        Assert.InRange(sorted[ChatCount / 2], TimeSpan.Zero, MedianLimit);
        Assert.InRange(sorted[^1], TimeSpan.Zero, WorstLimit);
    }

    /// <summary>Sends messages over HTTP, each again until it is taken.</summary>
    private sealed class ChatWriter(ServiceProcess gateway, string token)
    {
        private readonly HttpClient _http = gateway.Http(token);

        public TimeSpan SlowestRefusal { get; private set; }

        /// <returns>How long it took.</returns>
        public async Task<TimeSpan> SendAsync(long chatId, string content)
        {
            var ct = TestContext.Current.CancellationToken;
            var watch = Stopwatch.StartNew();
            while (true)
            {
                var from = watch.Elapsed;
                using var answer = await _http.PostAsJsonAsync(
                    $"api/chats/{chatId}/messages", new { content, client_id = content }, ct);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    answer.EnsureSuccessStatusCode();
                    return watch.Elapsed;
                }

                var took = watch.Elapsed - from;
                SlowestRefusal = took > SlowestRefusal ? took : SlowestRefusal;
                await Task.Delay(RetryDelay, TimeProvider.System, ct);
            }
        }
    }
}
