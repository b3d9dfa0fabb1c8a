using Orleans.Runtime;

namespace NewLoom.Tests.PushStreams;

[Collection(nameof(PushCluster))]
public sealed class PushDeliveryTests(PushCluster cluster)
{
    private readonly StreamId _stream = Recorder.NewStream();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Stream_KeepsOrder_FromAGrainToAClient(int silo)
    {
        var recorder = await Recorder.SubscribeAsync(cluster.Client, _stream);

        await cluster.Publisher(silo).PublishAsync(_stream, 1, 1);
        Assert.Equal(1, (await recorder.NextAsync()).Number);
        for (var first = 2; first <= 5_000; first += 500)
        {
            await cluster.Publisher(silo).PublishAsync(_stream, first, 500);
        }

        var heard = await recorder.UntilAsync(5_001);
        Assert.Equal(Enumerable.Range(2, 5_000), heard.Select(e => e.Number));
        Assert.DoesNotContain(heard, e => e.Resynchronise);
    }

    [Fact]
    public async Task Stream_KeepsOrder_ToAClientInsideTheSilo()
    {
        var recorder = await Recorder.SubscribeAsync(cluster.HostedClient(0), _stream);

        await cluster.Publisher(0).PublishAsync(_stream, 1, 1_500);

        Assert.Equal(Enumerable.Range(1, 1_500), (await recorder.UntilAsync(1_500)).Select(e => e.Number));
    }

    [Fact]
    public async Task Subscriber_HearsEverySilo()
    {
        var recorder = await Recorder.SubscribeAsync(cluster.Client, _stream);

        await cluster.Publisher(0).PublishAsync(_stream, 1, 1);
        await cluster.Publisher(1).PublishAsync(_stream, 2, 1);

        int[] heard = [(await recorder.NextAsync()).Number, (await recorder.NextAsync()).Number];
        Assert.Equal([1, 2], heard.Order());
    }

    [Fact]
    public async Task SlowSubscriber_HoldsBackNobodyElse()
    {
        var otherStream = Recorder.NewStream();
        var slow = await Recorder.SubscribeHeldAsync(cluster.Client, _stream);
        var sameStream = await Recorder.SubscribeAsync(cluster.HostedClient(0), _stream);
        var other = await Recorder.SubscribeAsync(cluster.HostedClient(1), otherStream);
        await cluster.Publisher(0).PublishAsync(_stream, 1, 1);
        await slow.Called;

        await cluster.Publisher(0).PublishAsync(_stream, 2, 1_000);
        await cluster.Publisher(0).PublishAsync(otherStream, 1, 1_000);

        Assert.Equal(1_000, (await other.UntilAsync(1_000)).Count);
        Assert.Equal(1_001, (await sameStream.UntilAsync(1_001)).Count);
        slow.Release();
        Assert.Equal(Enumerable.Range(1, 1_001), (await slow.UntilAsync(1_001)).Select(e => e.Number));
        Assert.Equal(1_000, slow.LargestBatchCount);    // all that waited came as one delivery
    }

    [Fact]
    public async Task Overflow_BecomesOneResynchronise_AndTheFlowGoesOn()
    {
        var recorder = await Recorder.SubscribeHeldAsync(cluster.Client, _stream);
        await cluster.Publisher(0).PublishAsync(_stream, 1, 1);
        await recorder.Called;

        const int Overflowing = PushCluster.BacklogCount + 1;
        await cluster.Publisher(0).PublishAsync(_stream, 2, Overflowing);
        await cluster.Publisher(0).PublishAsync(_stream, 2 + Overflowing, 10);
        recorder.Release();

        var heard = await recorder.UntilAsync(Overflowing + 11);
        Assert.Equal([1, .. Enumerable.Range(Overflowing + 1, 11)], heard.Select(e => e.Number));
        Assert.Equal(Overflowing + 1, Assert.Single(heard, e => e.Resynchronise).Number);

        await cluster.Publisher(0).PublishAsync(_stream, 100_000, 1);
        Assert.Equal((100_000, false), await recorder.NextAsync());
    }

    [Fact]
    public async Task IdleProvider_ReadsNothing()
    {
        var recorder = await Recorder.SubscribeAsync(cluster.Client, _stream);
        await cluster.Publisher(0).PublishAsync(_stream, 1, 1);
        await recorder.NextAsync();
        await cluster.Queue(0).DrainAsync().WaitAsync(PushCluster.Limit, TestContext.Current.CancellationToken);
        var readCount = cluster.Queue(0).ReadCount;

        var busy = cluster.Publisher(0);
        for (var i = 0; i < 1_000; i++)
        {
            await busy.PublishAsync(_stream, first: i, count: 0);
        }

        Assert.Equal(readCount, cluster.Queue(0).ReadCount);    // the same read has been waiting all along
    }

    [Fact]
    public async Task Client_IsRefused_WhenItPublishes()
    {
        var stream = cluster.Client.GetStreamProvider(PushCluster.Provider).GetStream<PushEvent>(_stream);

        var refusal = await Assert.ThrowsAsync<NotSupportedException>(
            () => stream.OnNextAsync(new Numbered { Number = 1 }));

        Assert.Contains("a client cannot publish", refusal.Message, StringComparison.Ordinal);
    }
}
