using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NewLoom.Gateway.Api;
using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Authentication.Django;
using NewLoom.Gateway.Chats;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Dashboard;
using NewLoom.Gateway.Health;
using NewLoom.Gateway.Sockets;
using NewLoom.Gateway.Streams;
using NewLoom.Gateway.Telemetry;
using NewLoom.Gateway.Transport;

namespace NewLoom.Gateway;

/// <summary>Puts a gateway together, in a process of its own or in a silo's.</summary>
public static class GatewayHosting
{
    /// <summary>What a connection may have sent before it is read: two of the largest frames.</summary>
    private const int UnreadBytesMax = 2 * FrameAssembly.FrameBytesMax;

    /// <summary>Adds the sockets and the HTTP API. The host brings the Orleans client and the stream
    /// provider.</summary>
    public static void AddNewLoomGateway(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseSockets(sockets =>
        {
            // Our code on the I/O threads never blocks: storage has threads of its own.
            sockets.UnsafePreferInlineScheduling = true;
            sockets.MaxReadBufferSize = UnreadBytesMax;
        });
        builder.AddNewLoomTransport();
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<ClusterConnection>(provider).InProcess());
        services.AddHealthChecks().AddCheck<ClusterCheck>("cluster", tags: [HealthHosting.ReadyTag]);
        services.AddOptionsWithValidateOnStart<SocketLimitOptions, SocketLimitOptionsValidator>()
            .BindConfiguration("NewLoom:Limits");
        services.AddOptionsWithValidateOnStart<DrainOptions, DrainOptionsValidator>()
            .BindConfiguration("NewLoom:Drain");
        services.AddSingleton<GatewayIdentity>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<SocketRegistry>();
        services.AddSingleton<DoorCalls>();
        services.AddSingleton<FeedRepair>();
        services.AddSingleton<ChatAudience>();
        services.AddSingleton<ChatSubscriber>();
        services.AddSingleton<InitialChats>();
        services.AddSingleton<ChatSockets>();
        services.AddSingleton<StreamAudience>();
        services.AddSingleton<StreamSockets>();
        services.AddNewLoomAuthentication();
        builder.AddDjangoAuthentication();
        services.AddNewLoomApi();
        services.AddSingleton<FrameFaults>();
        services.AddSingleton<FrameAuthentication>();
        services.AddSingleton<FrameHandler>();
        services.AddSingleton<SocketAdmission>();
        services.AddSingleton<SocketEndpoint>();
        services.AddSingleton<CredentialWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<CredentialWatch>());
        services.AddSingleton<UserNews>();
        services.AddSingleton<TopicJoins>();
        services.AddHostedService(provider => provider.GetRequiredService<TopicJoins>());
        services.AddSingleton<GatewaySubscription>();
        services.AddSingleton<HeardSilos>();
        services.AddSingleton<TopicCheck>();
        services.AddSingleton<SocketRenewal>();
        services.AddSingleton<GatewayStream>();
        services.AddHostedService(provider => provider.GetRequiredService<GatewayStream>());
        services.AddHostedService<SilenceWatch>();
        services.AddHostedService<Heartbeats>();
        services.AddHostedService<Drain>();
        services.AddOptions<HostOptions>().Configure<IOptions<DrainOptions>>((host, drain) =>
            host.ShutdownTimeout += drain.Value.Window);
    }

    /// <summary>Puts the sockets, the page and the HTTP API into the pipeline.</summary>
    public static void UseNewLoomGateway(this WebApplication app)
    {
        app.UseReadiness();
        app.UseTrustedProxies();
        app.UseSockets<ChatSockets>("/ws/chat");
        app.UseSockets<StreamSockets>("/ws/streams");
        app.UseHsts();
        app.UseSafetyHeaders();
        app.UseNewLoomPage();
        app.MapNewLoomApi();
        app.MapNewLoomDashboard();
    }

    /// <summary>Serves sockets of one kind before anything else looks at the request: what a middleware holds, it would hold
    /// for as long as the socket is open.</summary>
    private static void UseSockets<TKind>(this WebApplication app, string path)
        where TKind : ISocketKind
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        var endpoint = app.Services.GetRequiredService<SocketEndpoint>();
        var kind = app.Services.GetRequiredService<TKind>();
        app.MapWhen(
            context => context.Request.Path.Value is { } asked && asked.AsSpan().TrimEnd('/').SequenceEqual(path)
                && asked.Length <= path.Length + 1,
            sockets =>
            {
                sockets.Use((context, next) =>
                {
                    var upgrade = new SocketUpgrade(
                        context.Features.Get<IHttpUpgradeFeature>(),
                        context.Features.Get<IHttpExtendedConnectFeature>(),
                        time);
                    context.Features.Set<IHttpUpgradeFeature>(upgrade);
                    context.Features.Set<IHttpExtendedConnectFeature>(upgrade);
                    return next(context);
                });
                sockets.UseWebSockets();
                sockets.Run(context => context.WebSockets.IsWebSocketRequest
                    ? endpoint.HandleAsync(context, kind)
                    : Problems.Invalid("This address speaks WebSocket only.", StatusCodes.Status426UpgradeRequired)
                        .ExecuteAsync(context));
            });
    }
}
