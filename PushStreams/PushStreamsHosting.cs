using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Providers;
using Orleans.Serialization;
using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>Adds push stream providers to silos and clients.</summary>
public static class PushStreamsHosting
{
    // A stream's first event ends the reads of its queue until its subscribers are known; then they begin again.
    private static readonly TimeSpan ReadAgain = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Adds a push stream provider to a silo: its grains may publish, and they and its in-process client subscribe.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The provider's name, the same on every silo and client.</param>
    /// <param name="configure">Changes the limits. Wrong ones fail the start of the host.</param>
    /// <remarks>Subscriptions are explicit; the host supplies grain storage named "PubSubStore" for them.</remarks>
    public static ISiloBuilder AddPushStreams(
        this ISiloBuilder builder, string name, Action<PushStreamOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        AddQueues(builder.Services, name, configure ?? (static _ => { }));
        builder.Services.AddSingleton<IOutgoingGrainCallFilter>(services => new DeliveryAnswers(
            services.GetRequiredService<IOptionsMonitor<PushStreamOptions>>().Get(name).AnswerLimit));
        return builder.AddPersistentStreams(
            name,
            static (services, name) =>
            {
                var queues = services.GetRequiredKeyedService<PushQueues>(name);
                return new PushQueueAdapterFactory(queues, new(queues, services.GetRequiredService<DeepCopier>()));
            },
            streams =>
            {
                streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
                streams.ConfigureLifecycle(lifecycle => lifecycle.Configure(
                    options => options.StartStage = QueueDrain.AgentStage));
                streams.ConfigureBackoffProvider(static IMessageDeliveryBackoffProvider (_, _) => new DeliveryRetry());
                streams.ConfigurePartitionBalancing(static (_, _) => new LocalQueueBalancer());
                streams.ConfigurePullingAgent(agent => agent.Configure<IOptionsMonitor<PushStreamOptions>>(
                    (agentOptions, options) =>
                    {
                        agentOptions.GetQueueMsgsTimerPeriod = ReadAgain;
                        agentOptions.MaxEventDeliveryTime = options.Get(name).DeliveryLimit;
                    }));
            });
    }

    /// <summary>Adds a push stream provider to a client: it may subscribe, not publish.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="name">The provider's name, the same on every silo and client.</param>
    public static IClientBuilder AddPushStreams(this IClientBuilder builder, string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return builder.AddPersistentStreams(
            name,
            static (_, name) => new ClientQueueAdapter(name),
            static streams => streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly));
    }

    private static void AddQueues(IServiceCollection services, string name, Action<PushStreamOptions> configure)
    {
        services.AddOptions<PushStreamOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<PushStreamOptions>, PushStreamOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddKeyedSingleton(name, (services, _) =>
        {
            var queues = new PushQueues(
                name,
                services.GetRequiredService<IOptionsMonitor<PushStreamOptions>>().Get(name),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<PushQueue>>());
            PushMetrics.Watch(queues, services.GetRequiredService<IMeterFactory>());
            return queues;
        });
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => new QueueDrain(
            services.GetRequiredKeyedService<PushQueues>(name),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<QueueDrain>>()));
    }
}
