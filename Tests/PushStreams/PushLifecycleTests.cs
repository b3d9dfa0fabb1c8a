using Orleans.Runtime;
using Orleans.Streaming.Diagnostics;

namespace NewLoom.Tests.PushStreams;

/// <summary>Each test has a cluster of its own, because it ends a part of it.</summary>
public sealed class PushLifecycleTests : IAsyncLifetime
{
    private readonly PushCluster _cluster = new();
    private readonly StreamId _stream = Recorder.NewStream();

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task StoppingSilo_DeliversWhatIsQueued()
    {
        var recorder = await Recorder.SubscribeHeldAsync(_cluster.Client, _stream);
        await _cluster.Publisher(1).PublishAsync(_stream, 1, 1);
        await recorder.Called;
        await _cluster.Publisher(1).PublishAsync(_stream, 2, 1_000);

        _cluster.WhenDraining = recorder.Release;
        await _cluster.Cluster.StopSiloAsync(
            _cluster.Cluster.Silos[1], TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(1, 1_001), (await recorder.UntilAsync(1_001)).Select(e => e.Number));
    }

    [Fact]
    public async Task DeadClient_IsUnsubscribed_AndItsBacklogIsFreed()
    {
        var dead = await Recorder.SubscribeHeldAsync(_cluster.Client, _stream);
        var otherStream = Recorder.NewStream();
        var other = await Recorder.SubscribeAsync(_cluster.HostedClient(0), otherStream);
        await _cluster.Publisher(0).PublishAsync(_stream, 1, 1);
        await dead.Called;
        await _cluster.Publisher(0).PublishAsync(_stream, 2, 1_000);
        using var removal = new Removal(_stream);

        await _cluster.Cluster.KillClientAsync();
        await _cluster.Publisher(0).PublishAsync(otherStream, 1, 1_000);

        Assert.Equal(1_000, (await other.UntilAsync(1_000)).Count);
        await removal.Happened.WaitAsync(PushCluster.Limit, TestContext.Current.CancellationToken);
        await _cluster.Queue(0).DrainAsync().WaitAsync(PushCluster.Limit, TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), _cluster.Queue(0).Count());
    }

    private sealed class Removal : IObserver<StreamingEvents.StreamingEvent>, IDisposable
    {
        private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly StreamId _stream;
        private readonly IDisposable _observation;

        public Removal(StreamId stream)
        {
            _stream = stream;
            _observation = StreamingEvents.AllEvents.Subscribe(this);
        }

        public Task Happened => _happened.Task;

        public void OnNext(StreamingEvents.StreamingEvent value)
        {
            if (value is StreamingEvents.SubscriptionRemoved removed && removed.StreamId.Equals(_stream))
            {
                _happened.TrySetResult();
            }
        }

        public void OnCompleted() => _happened.TrySetCanceled();

        public void OnError(Exception error) => _happened.TrySetException(error);

        public void Dispose() => _observation.Dispose();
    }
}
