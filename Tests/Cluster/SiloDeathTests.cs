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

    /// <summary>No death is noticed sooner; whatever is back before was elsewhere.</summary>
    private static readonly TimeSpan SoonestNotice = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(2)]
    [InlineData(0)]    // each silo has one in its process
    public async Task Chats_AreBackSoonAndTellEverySocket_WhenTheirSiloIsKilled(int gatewayCount)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var cluster = await ClusterProcesses.StartAsync(siloCount: 2, gatewayCount, ct);
        var (survivor, other) = (cluster.Gateways[0], cluster.Gateways[1]);

        // A grain that is first called from within a silo is likely to begin there.
        var (users, chatIds) = await Load.PopulateAsync(other, userCount: 2, ChatCount);
        await using var viewer = await TestSocket.OpenAsync(
            gatewayCount == 0 ? survivor : other, users[1].Token);
        var writer = new ChatWriter(survivor, users[0].Token);
        await Task.WhenAll(chatIds.Select(chatId => writer.SendAsync(chatId, "before")));

        await cluster.Silos[1].KillAsync(ct);
        var waits = await Task.WhenAll(chatIds.Select(chatId => writer.SendAsync(chatId, "after")));

        // At least about half of the chats were on the dead silo: the slower half.
        var sorted = waits.Order().ToList();
        var median = sorted[ChatCount * 3 / 4];
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{ChatCount} chats; those of the dead silo were back after: median {median.TotalSeconds:F2} s, " +
            $"worst {sorted[^1].TotalSeconds:F2} s; slowest refusal {writer.SlowestRefusal.TotalSeconds:F2} s");
        var seen = new HashSet<(long, string)>();
        while (seen.Count < 2 * ChatCount)
        {
            var message = (await viewer.NextAsync("message"))["message"]!;
            Assert.True(seen.Add((message.Get<long>("chat_id"), message.Get<string>("content"))), message.ToJsonString());
        }

        Assert.InRange(median, TimeSpan.Zero, MedianLimit);
        Assert.InRange(sorted[^1], SoonestNotice, WorstLimit);
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
