using System.Net;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Hosting;
using Npgsql;
using Orleans.Configuration;

namespace NewLoom.Silo;

/// <summary>Makes a silo a member of its cluster, and tunes how soon members notice that one has died.</summary>
internal static class SiloClustering
{
    /// <summary>How long a grain call may take in one process. A client waits for it, and is told to try
    /// again.</summary>
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a call may take among many: of grains (default: 30 s), and of what Orleans itself asks
    /// other silos (<see cref="SiloMessagingOptions.SystemResponseTimeout"/>, default: 30 s).</summary>
    /// <remarks>A call that was sent into a connection that a cut had broken is answered by nothing. A question to the
    /// grain directory that was lost like that held up everything that waited for the same place: chats were deaf for
    /// 35 s after a cut of 10 s (<c>Bench chaos</c>, November 2026). Such a connection lives for 5 s, too: see <see
    /// cref="UnacknowledgedData"/>.</remarks>
    private static readonly TimeSpan RemoteResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long the silo keeps what waits for a gateway that has gone (default: 1 min), or up to twice that. A
    /// gateway that comes back has missed nothing before this; one that does not would hold memory without a
    /// bound.</summary>
    /// <remarks>Short, because until then the silo does not look for another way to it: see <see
    /// cref="UnacknowledgedData"/>. A gateway that lives is back within 2 s.</remarks>
    private static readonly TimeSpan ClientDropTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How often a silo tells the others which gateways are connected to it, if that has changed (default: 5
    /// min).</summary>
    /// <remarks>Until it has, each silo takes a gateway that has died for one that another silo still reaches, and what
    /// waits for it goes to and fro between them: it is neither given up nor unsubscribed.</remarks>
    private static readonly TimeSpan ClientListRefresh = TimeSpan.FromSeconds(10);

    /// <summary>How long a stopping silo goes on serving after it has told the gateways not to call it any more
    /// (default: 0, which cuts off calls that are under way).</summary>
    private static readonly TimeSpan ShutdownNotification = TimeSpan.FromSeconds(2);

    /// <summary>The first guess of how often a silo is probed and how soon an answer is due (default: 5 s); Orleans
    /// adapts it to a silo's answers, from half of it to <see cref="ProbeTimeoutMax"/>.</summary>
    /// <remarks>Chats of one of two silos that was killed came back after 2.8 to 4.8 s with 2 s here, and after 1.2 to
    /// 1.8 s with 1 s (November 2026, 2 cores). The shorter, the sooner a silo is given up that only had to
    /// wait.</remarks>
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>How far it may adapt (default: four times as much). A silo from which something came within
    /// <see cref="MissedProbes"/> times this is not voted dead, so it also bounds how long a frozen one is waited
    /// for.</summary>
    private static readonly TimeSpan ProbeTimeoutMax = TimeSpan.FromSeconds(3);

    /// <summary>Probes that a silo may miss (default). Two would be sooner by a probe, and give up silos that compile or
    /// collect garbage for that long.</summary>
    private const int MissedProbes = 3;

    /// <summary>How often a silo notes in the table that it lives (default: 30 s). After three of them a silo that
    /// starts alone takes the dead ones of an earlier life for dead, instead of waiting to reach them.</summary>
    private static readonly TimeSpan AliveNote = TimeSpan.FromSeconds(5);

    /// <summary>Adds clustering as configured.</summary>
    public static ISiloBuilder UseCluster(this ISiloBuilder silo, SiloOptions options)
    {
        var cluster = options.Cluster;
        var responseTimeout = cluster.Clustering == ClusteringKind.Localhost ? ResponseTimeout : RemoteResponseTimeout;
        if (cluster.Clustering == ClusteringKind.Localhost)
        {
            silo.UseLocalhostClustering(
                options.SiloPort, cluster.OrleansGatewayPort, null, cluster.ServiceId, cluster.ClusterId);
        }
        else
        {
            silo.ConfigureEndpoints(options.AdvertisedAddress, options.SiloPort, cluster.OrleansGatewayPort);
            silo.UseAdoNetClustering(clustering => clustering.Configure<NpgsqlDataSource>(
                (adoNet, database) => (adoNet.Invariant, adoNet.DataSource) = ("Npgsql", database)));
            silo.AddOutgoingGrainCallFilter<RejectedCalls>();
            silo.Services.AddHostedService<MembershipRefresh>();
        }

        return silo
            .Configure<ClusterOptions>(
                names => (names.ServiceId, names.ClusterId) = (cluster.ServiceId, cluster.ClusterId))
            .Configure<SiloMessagingOptions>(messaging =>
            {
                messaging.ResponseTimeout = responseTimeout;
                messaging.SystemResponseTimeout = responseTimeout;
                messaging.ClientDropTimeout = ClientDropTimeout;
                messaging.ClientRegistrationRefresh = ClientListRefresh;
                messaging.ClientGatewayShutdownNotificationTimeout = ShutdownNotification;
            })
            .Configure<SiloConnectionOptions>(connections =>
            {
                connections.ConfigureGatewayInboundConnection(UnacknowledgedData.LimitUnacknowledgedData);
                connections.ConfigureSiloInboundConnection(UnacknowledgedData.LimitUnacknowledgedData);
                connections.ConfigureSiloOutboundConnection(UnacknowledgedData.LimitUnacknowledgedData);
            })
            .Configure<ClientMessagingOptions>(    // of what the silo's own process calls from outside of grains
                messaging => messaging.ResponseTimeout = responseTimeout)
            .Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = ProbeTimeout;
                membership.MaxProbeTimeout = ProbeTimeoutMax;
                membership.NumMissedProbesLimit = MissedProbes;
                membership.IAmAliveTablePublishTimeout = AliveNote;
            });
    }
}
