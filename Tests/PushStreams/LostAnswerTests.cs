using Microsoft.Extensions.DependencyInjection;
using NewLoom.PushStreams;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace NewLoom.Tests.PushStreams;

/// <summary>A client whose answers to deliveries get lost, as through a cut network.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private readonly AnswerLoser _loser = new();
    private readonly InProcessTestCluster _cluster;

    public LostAnswerTests()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddPushStreams(PushCluster.Provider, options => options.AnswerLimit = TimeSpan.FromSeconds(1));
            silo.Services.AddSingleton<IOutgoingGrainCallFilter>(_loser);    // nearer to the network
            silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromMinutes(5));
        });
        builder.ConfigureClient(client => client.AddPushStreams(PushCluster.Provider));
        _cluster = builder.Build();
    }

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Stream_GoesOn_WhenTheAnswerToADeliveryIsLost()
    {
        var stream = Recorder.NewStream();
        var recorder = await Recorder.SubscribeAsync(_cluster.Client, stream);
        var publisher = _cluster.Client.GetGrain<IPublisherGrain>(Guid.NewGuid());
        await publisher.PublishAsync(stream, 1, 1);
        await recorder.UntilAsync(1);

        var lost = _loser.LoseNext();
        await publisher.PublishAsync(stream, 2, 1);
        await lost.WaitAsync(PushCluster.Limit, TestContext.Current.CancellationToken);
        await publisher.PublishAsync(stream, 3, 1);

        // Not lost, and in order; what was not answered comes again.
        Assert.Equal([2, 3], (await recorder.UntilAsync(3)).Select(e => e.Number).Except([1]));
    }

    private sealed class AnswerLoser : IOutgoingGrainCallFilter
    {
        private TaskCompletionSource? _losing;

        /// <returns>Ends when an answer is lost.</returns>
        public Task LoseNext()
        {
            var losing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _losing, losing);
            return losing.Task;
        }

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            await context.Invoke();
            if (context.MethodName == "DeliverBatch" && Interlocked.Exchange(ref _losing, null) is { } losing)
            {
                losing.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
