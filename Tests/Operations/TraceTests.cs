using NewLoom.Tests.Cluster;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Operations;

/// <summary>One trace leads from a client's frame through the silo to every gateway whose sockets it reaches.</summary>
public sealed class TraceTests
{
    private const string Gateway = "NewLoom.Gateway";

    private static readonly string[] Names =
    [
        "newloom.messages.accepted", "newloom.deliveries", "orleans-catalog-activations",
        "http.server.request.duration",
    ];

    [Fact]
    public async Task Trace_LeadsFromTheFrameToTheLastGateway()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var collector = await OtlpCollector.StartAsync();
        await using var silo = Parts.Silo(collector.Settings);
        await using var gateway = Parts.Gateway(silo, collector.Settings);
        await using var other = Parts.Gateway(silo, collector.Settings);
        await silo.StartAsync(ct);
        await Task.WhenAll(gateway.StartAsync(ct), other.StartAsync(ct));
        await using var room = await ChatRoom.OpenAsync(gateway);
        await using var elsewhere = await TestSocket.OpenAsync(other, room.BobUser.Token);

        await room.Alice.SayAsync(room.ChatId, "traced");
        await elsewhere.NextAsync("message");

        await collector.UntilAsync(spans => Of(spans, Gateway, "deliver").Length == 2
            && Of(spans, Gateway, "frame message").Length == 1
            && Of(spans, "NewLoom.Grains", "publish").Length == 1
            && Of(spans, "NewLoom.Grains", "commit").Any(commit => commit.TraceId == TraceOf(spans)));
        var traceId = TraceOf(collector.Spans);
        var trace = collector.Spans.Where(span => span.TraceId == traceId).ToDictionary(span => span.Id);
        var frame = Assert.Single(trace.Values, span => span.ParentId.Length == 0);
        Assert.Equal("frame message", frame.Name);
        Assert.Contains(trace.Values, span => span.Source == "Microsoft.Orleans.Application"
            && span.Name.Contains("SendAsync", StringComparison.Ordinal) && span.Instance != frame.Instance);
        var delivered = trace.Values.Where(span => span.Name == "deliver").ToList();
        Assert.Equal(2, delivered.Count);
        Assert.Equal(2, delivered.Select(span => span.Instance).Distinct().Count());
        Assert.Contains(frame.Instance, delivered.Select(span => span.Instance));

        // Everything hangs on the frame: gateway, silo, and gateways again.
        Assert.All(trace.Values, span => Assert.True(span == frame || trace.ContainsKey(span.ParentId)));
        Assert.All(delivered, span => Assert.Equal("publish", trace[span.ParentId].Name));
        Assert.Equal(3, trace.Values.Select(span => span.Instance).Distinct().Count());
    }

    [Fact]
    public async Task Metrics_GoToTheSameCollector()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var service = new ServiceProcess(collector.Settings);
        await service.StartAsync(TestContext.Current.CancellationToken);
        await using var room = await ChatRoom.OpenAsync(service);
        await room.Alice.SayAsync(room.ChatId, "counted");

        await collector.UntilAsync(_ => Names.All(name => collector.Metrics.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Spans_HoldNoToken_AndNothingBeginsATraceButFramesAndRequests()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var collector = await OtlpCollector.StartAsync();
        await using var service = new ServiceProcess(collector.Settings);
        await service.StartAsync(ct);
        await using var room = await ChatRoom.OpenAsync(service);    // with tokens in the sockets' URLs
        await room.Alice.SayAsync(room.ChatId, "what people write");
        using var http = service.Http();
        http.DefaultRequestHeaders.Authorization = null;
        var tokens = new[] { room.AliceUser.Token, "wrong-but-still-somebodys-secret" };
        foreach (var token in tokens)
        {
            using var answer = await http.GetAsync(new Uri($"api/chats?token={token}", UriKind.Relative), ct);
        }

        await collector.UntilAsync(spans => spans.Count(span => span.Tags.ContainsKey("url.query")) == tokens.Length
            && Of(spans, Gateway, "deliver").Length > 0);
        Assert.All(
            collector.Spans.Where(span => span.Tags.ContainsKey("url.query")),
            span => Assert.Equal("?token=Redacted", span.Tags["url.query"]));
        Assert.All(
            tokens.Append(ServiceProcess.AdminToken).Append(room.BobUser.Token).Append("what people write"),
            secret => Assert.DoesNotContain(secret, collector.Text, StringComparison.Ordinal));
        Assert.Equal(
            ["Microsoft.AspNetCore", Gateway],
            collector.Spans.Where(span => span.ParentId.Length == 0).Select(span => span.Source).Distinct()
                .Order(StringComparer.Ordinal));
        Assert.DoesNotContain(collector.Spans, span => span.Tags.Values.Contains("/ws/chat/"));
    }

    private static OtlpSpan[] Of(IEnumerable<OtlpSpan> spans, string source, string name) =>
        [.. spans.Where(span => span.Source == source && span.Name == name)];

    private static string TraceOf(IEnumerable<OtlpSpan> spans) => Of(spans, Gateway, "frame message")[0].TraceId;
}
