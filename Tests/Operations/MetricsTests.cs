using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NewLoom.Tests.Cluster;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Operations;

/// <summary>A service shows at <c>/metrics</c> what it does, and the dashboard for Grafana asks for nothing else.</summary>
public sealed partial class MetricsTests
{
    private const int MessageCount = 5;

    [Fact]
    public async Task Service_CountsWhatItDoes_AndShowsAllThatTheDashboardAsksFor()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var service = new ServiceProcess(
            new Dictionary<string, string?> { ["NewLoom__Limits__AuthenticationTimeout"] = "00:01:00" });
        await service.StartAsync(ct);
        await using var room = await ChatRoom.OpenAsync(service);
        await using var stream = await StreamRoom.OpenAsync(service);
        using (var stranger = service.Http("nobody's token"))
        {
            using var refused = await stranger.GetAsync(new Uri("api/chats", UriKind.Relative), ct);
        }

        await using var waiting = await TestSocket.OpenAsync(service, token: null, isExtended: true);
        for (var i = 0; i < MessageCount; i++)
        {
            await room.Alice.SayAsync(room.ChatId, "counted");
            await room.Bob.NextAsync("message");
        }

        await stream.Alice.SendAsync(stream.Status("running", leaseSeconds: 5));
        await stream.Bob.NextAsync("status_update");
        Assert.Equal("stalled", (await stream.Bob.NextAsync("status_update")).Get<string>("status"));
        await stream.Alice.SendAsync(stream.Status("completed"));
        Assert.Equal("completed", (await stream.Bob.NextAsync("status_update")).Get<string>("status"));

        // A viewer may see an event before it is counted; what is refused after it is answered after it was.
        await stream.Alice.SendAsync(stream.Stats(1));
        Assert.Equal("invalid_state", (await stream.Alice.NextAsync("error")).Get<string>("code"));

        var shown = await Scrape.OfAsync(service);
        Assert.Equal(MessageCount, shown["newloom_messages_accepted_total"]);
        Assert.Equal(MessageCount, shown["newloom_frames_received_total", "newloom_frame_kind=\"message\""]);
        Assert.Equal(2 * MessageCount, shown["newloom_deliveries_total", "newloom_event_kind=\"message\""]);
        Assert.Equal(1, shown["newloom_security_refusals_total", "newloom_refusal_reason=\"authentication_failed\""]);
        Assert.Equal(4, shown["newloom_sockets_open"]);
        Assert.Equal(1, shown["newloom_sockets_waiting"]);
        Assert.Equal(2, shown["newloom_stream_reports_total", "newloom_report_outcome=\"accepted\""]);
        Assert.Equal(1, shown["newloom_stream_reports_total", "newloom_report_outcome=\"refused\""]);
        Assert.Equal(1, shown["newloom_leases_expired_total", "newloom_lease_status=\"stalled\""]);
        Assert.True(shown["newloom_delivery_duration_seconds_count"] >= MessageCount + 2);
        Assert.InRange(shown["newloom_delivery_duration_seconds_sum"], 1e-6, 60);
        Assert.True(shown["newloom_storage_commit_duration_seconds_count"] >= MessageCount);
        Assert.True(shown["newloom_storage_batch_size_sum"] >= MessageCount);
        Assert.Equal(0, shown["newloom_storage_queue_length"]);
        Assert.Equal(0, shown["newloom_push_dropped_total"]);
        Assert.Equal(1, shown["newloom_push_streams"]);

        var queries = QueriesOfGrafana();
        var asked = queries.SelectMany(query => Metric().Matches(query)).Select(match => match.Value).ToHashSet();
        Assert.True(asked.Count > 20);
        Assert.Empty(asked.Except(shown.Names));
        var sums = queries.SelectMany(query => SumByLabel().Matches(query))
            .Where(sum => sum.Groups["label"].Value != "instance").ToList();    // that one is Prometheus' own
        Assert.True(sums.Count > 5);
        Assert.All(sums, sum => Assert.True(
            shown[sum.Groups["metric"].Value, $"{sum.Groups["label"].Value}=\""] > 0, sum.Value));
    }

    [Fact]
    public async Task SiloAlone_ShowsMetrics()
    {
        await using var silo = Parts.Silo();
        await silo.StartAsync(TestContext.Current.CancellationToken);

        var shown = await Scrape.OfAsync(silo);
        Assert.Superset(
            new HashSet<string> { "newloom_messages_accepted_total", "orleans_catalog_activations" }, shown.Names);
    }

    /// <summary>The queries of <c>deploy/grafana/newloom.json</c>.</summary>
    private static List<string> QueriesOfGrafana()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "deploy", "grafana", "newloom.json");
        var dashboard = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        var panels = dashboard["panels"]!.AsArray().Where(panel => panel!["type"]!.GetValue<string>() != "row").ToList();
        Assert.Equal(panels.Count, panels.Select(panel => panel!["id"]!.GetValue<int>()).Distinct().Count());
        return
        [
            .. panels.SelectMany(panel => panel!["targets"]!.AsArray())
                .Select(target => target!["expr"]!.GetValue<string>()),
            .. dashboard["templating"]!["list"]!.AsArray()
                .Select(variable => variable!["definition"]?.GetValue<string>() ?? ""),
        ];
    }

    /// <summary>A name before a selector.</summary>
    [GeneratedRegex(@"[a-z_:][a-z0-9_:]*(?=\{)")]
    private static partial Regex Metric();

    /// <summary>A sum for each value of a label.</summary>
    [GeneratedRegex(@"by \((?<label>[a-z_]+)\) \([a-z]+\((?<metric>[a-z_:][a-z0-9_:]*)")]
    private static partial Regex SumByLabel();
}
