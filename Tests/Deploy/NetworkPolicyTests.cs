using System.Net;
using k8s.Models;

namespace NewLoom.Tests.Deploy;

/// <summary>Who may talk to whom in the example, by the rules of Kubernetes' network policies.</summary>
public sealed class NetworkPolicyTests(Manifests manifests) : IClassFixture<Manifests>, IAsyncLifetime
{
    private const string Silo = "newloom-silo";
    private const string Gateway = "newloom-gateway";
    private const string Proxy = "proxy";
    private const string Stranger = "stranger";
    private const string Neighbour = "neighbour";
    private const string Database = "database";
    private const string NameServer = "name server";
    private const string NodeCache = "node's cache";
    private const string OtherHost = "other host";

    public async ValueTask InitializeAsync() => await manifests.LoadAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Silo, Silo, 11111, true)]
    [InlineData(Gateway, Silo, 30000, true)]
    [InlineData(Proxy, Gateway, 8000, true)]
    [InlineData(Silo, Database, 5432, true)]
    [InlineData(Gateway, Database, 5432, true)]
    [InlineData(Silo, NameServer, 53, true)]
    [InlineData(Gateway, NameServer, 53, true)]
    [InlineData(Gateway, NodeCache, 53, true)]
    [InlineData(Gateway, NameServer, 443, false)]
    [InlineData(Gateway, Silo, 11111, false)]
    [InlineData(Gateway, Silo, 8000, false)]
    [InlineData(Silo, Gateway, 8000, false)]
    [InlineData(Gateway, Gateway, 8000, false)]
    [InlineData(Proxy, Silo, 8000, false)]
    [InlineData(Proxy, Silo, 30000, false)]
    [InlineData(Stranger, Silo, 11111, false)]
    [InlineData(Stranger, Silo, 30000, false)]
    [InlineData(Stranger, Gateway, 8000, false)]
    [InlineData(Neighbour, Silo, 30000, false)]
    [InlineData(Neighbour, Gateway, 8000, false)]
    [InlineData(Silo, OtherHost, 5432, false)]
    [InlineData(Gateway, Database, 443, false)]
    public void Connection_IsAllowed_WhereItIsNeeded(string from, string to, int port, bool isAllowed)
    {
        var (source, target) = (PeerOf(from), PeerOf(to));
        Assert.Equal(isAllowed, MaySend(source, target, port) && MayReceive(target, source, port));
    }

    private Peer PeerOf(string name) => name switch
    {
        Silo or Gateway => new(Manifests.Namespace, manifests.PodLabels(name), null),
        Proxy => new("gateway-system", new Dictionary<string, string> { ["app"] = "proxy" }, null),
        Stranger => new("elsewhere", new Dictionary<string, string> { ["app.kubernetes.io/name"] = Silo }, null),
        Neighbour => new(Manifests.Namespace, new Dictionary<string, string> { ["app"] = "other" }, null),
        Database => new(null, null, IPAddress.Parse("10.20.30.40")),
        NameServer => new("kube-system", new Dictionary<string, string> { ["k8s-app"] = "kube-dns" }, null),
        NodeCache => new(null, null, IPAddress.Parse("169.254.20.10")),
        _ => new(null, null, IPAddress.Parse("10.20.30.41")),
    };

    private bool MaySend(Peer source, Peer target, int port)
    {
        var policies = PoliciesOf(source, "Egress");
        return policies.Count == 0 || policies.Any(policy => (policy.Egress ?? []).Any(
            rule => IsAmong(rule.To, target) && IsAmong(rule.Ports, port)));
    }

    private bool MayReceive(Peer target, Peer source, int port)
    {
        var policies = PoliciesOf(target, "Ingress");
        return policies.Count == 0 || policies.Any(policy => (policy.Ingress ?? []).Any(
            rule => IsAmong(rule.FromProperty, source) && IsAmong(rule.Ports, port)));
    }

    private List<V1NetworkPolicySpec> PoliciesOf(Peer peer, string direction) =>
        [.. manifests.All<V1NetworkPolicy>()
            .Where(policy => peer.Namespace == policy.Metadata.NamespaceProperty
                && Manifests.Selects(policy.Spec.PodSelector, peer.Labels!)
                && policy.Spec.PolicyTypes.Contains(direction))
            .Select(policy => policy.Spec)];

    private static bool IsAmong(IList<V1NetworkPolicyPeer>? peers, Peer peer) =>
        peers is null or [] || peers.Any(rule => rule.IpBlock is { } block
            ? peer.Address is { } address && IPNetwork.Parse(block.Cidr).Contains(address)
            : peer.Labels is { } labels && IsInNamespace(rule.NamespaceSelector, peer.Namespace!)
                && (rule.PodSelector is null || Manifests.Selects(rule.PodSelector, labels)));

    private static bool IsInNamespace(V1LabelSelector? selector, string name) => selector is null
        ? name == Manifests.Namespace
        : Manifests.Selects(selector, new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name });

    private static bool IsAmong(IList<V1NetworkPolicyPort>? ports, int port) =>
        ports is null or [] || ports.Any(rule => rule.Port.Value == $"{port}");

    /// <summary>A pod with its namespace and labels, or an address outside.</summary>
    private sealed record Peer(string? Namespace, IDictionary<string, string>? Labels, IPAddress? Address);
}
