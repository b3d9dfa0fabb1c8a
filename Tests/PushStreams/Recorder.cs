using System.Threading.Channels;
using NewLoom.PushStreams;
using Orleans.Runtime;
using Orleans.Streams;

namespace NewLoom.Tests.PushStreams;

/// <summary>A subscriber that keeps what it hears, and can be held back.</summary>
internal sealed class Recorder : IAsyncBatchObserver<PushEvent>
{
    private readonly Channel<(int Number, bool Resynchronise)> _heard =
        Channel.CreateBounded<(int, bool)>(100_000);

    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Recorder(bool isOpen)
    {
        if (isOpen)
        {
            _gate.SetResult();
        }
    }

    /// <summary>The most events that came in one delivery.</summary>
    public int LargestBatchCount { get; private set; }

    /// <summary>Ends when the first delivery has come, and is perhaps held.</summary>
    public Task Called => _called.Task.WaitAsync(PushCluster.Limit, TestContext.Current.CancellationToken);

    public static Task<Recorder> SubscribeAsync(IClusterClient client, StreamId stream) =>
        SubscribeAsync(client, stream, new Recorder(isOpen: true));

    /// <summary>A subscriber that takes the first delivery and does not come back until it is released.</summary>
    public static Task<Recorder> SubscribeHeldAsync(IClusterClient client, StreamId stream) =>
        SubscribeAsync(client, stream, new Recorder(isOpen: false));

    public static StreamId NewStream() => StreamId.Create("test", Guid.NewGuid());

    public void Release() => _gate.TrySetResult();

    public async Task<(int Number, bool Resynchronise)> NextAsync() =>
        await _heard.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(PushCluster.Limit, TestContext.Current.CancellationToken);

    /// <summary>What is heard up to and with a number.</summary>
    public async Task<List<(int Number, bool Resynchronise)>> UntilAsync(int number)
    {
        var heard = new List<(int Number, bool Resynchronise)>();
        do
        {
            heard.Add(await NextAsync());
        }
        while (heard[^1].Number != number);
        return heard;
    }

    public async Task OnNextAsync(IList<SequentialItem<PushEvent>> items)
    {
        _called.TrySetResult();
        await _gate.Task;
        LargestBatchCount = Math.Max(LargestBatchCount, items.Count);
        foreach (var item in items)
        {
            var number = ((Numbered)item.Item).Number;
            Assert.True(_heard.Writer.TryWrite((number, ((PushStreamToken)item.Token).Resynchronise)));
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    private static async Task<Recorder> SubscribeAsync(IClusterClient client, StreamId stream, Recorder recorder)
    {
        await client.GetStreamProvider(PushCluster.Provider).GetStream<PushEvent>(stream).SubscribeAsync(recorder);
        return recorder;
    }
}
