using k8s.Models;
using NewLoom.Tests.Support;
using YamlDotNet.Core;

namespace NewLoom.Tests.Deploy;

/// <summary>Holds deploy/kubernetes against its schemas, the programs and itself.</summary>
public sealed class ManifestTests(Manifests manifests) : IClassFixture<Manifests>, IAsyncLifetime
{
    private const string Silo = "newloom-silo";
    private const string Gateway = "newloom-gateway";

    public async ValueTask InitializeAsync() => await manifests.LoadAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Objects_FollowTheirSchemas()
    {
        using var node = new NodeClients { Source = DeployFiles.Schemas };
        var run = await node.RunAsync("kubernetes.mjs", manifests.Path);
        Assert.True(run.ExitCode == 0, run.Errors);

        var wrong = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            wrong, "{ apiVersion: v1, kind: Service, metadata: { name: a }, spec: { ports: [{}] } }",
            TestContext.Current.CancellationToken);
        Assert.Contains("port", (await node.RunAsync("kubernetes.mjs", wrong)).Errors, StringComparison.Ordinal);
        File.Delete(wrong);
    }

    [Fact]
    public void Reader_RefusesFieldsThatThereAreNot() => Assert.Throws<YamlException>(
        () => Manifests.Read("{ apiVersion: v1, kind: Service, metadata: { name: a }, spec: { port: 1 } }"));

    [Fact]
    public void Kinds_AreTheseAlone_AndNoneGivesAccessToTheApi() => Assert.Equal(
        "ConfigMap Deployment HorizontalPodAutoscaler Namespace NetworkPolicy PodDisruptionBudget Service",
        string.Join(' ', manifests.Objects.Cast<k8s.IKubernetesObject>().Select(item => item.Kind).Distinct().Order()));

    [Theory]
    [InlineData(Silo)]
    [InlineData(Gateway)]
    public void Variables_AreOnesThatTheProgramsRead(string name) => Assert.All(
        manifests.Environment(name).Keys, variable => Assert.True(SettingNames.Contains(variable), variable));

    [Theory]
    [InlineData(Silo, "silo-1")]
    [InlineData(Gateway, "gateway-1")]
    public void Variables_AreThoseOfComposeWithOtherSources(string name, string service)
    {
        var composed = ComposeFile.Load(ComposedCluster.Secrets).Environment(service);
        var here = manifests.Environment(name);
        Assert.Equal(composed.Keys.Order(), here.Keys.Where(key => key != "NewLoom__Drain__Window").Order());
        var others = here.Where(variable => composed.GetValueOrDefault(variable.Key) != variable.Value);
        Assert.All(others, variable => Assert.True(
            variable.Value.StartsWith("secret ", StringComparison.Ordinal)
            || variable.Key is "NewLoom__AdvertisedAddress" or "NewLoom__TrustedProxies__0" or "NewLoom__Drain__Window",
            $"{variable}"));
    }

    [Theory]
    [InlineData(Silo)]
    [InlineData(Gateway)]
    public void Secrets_ComeByReference(string name) => Assert.All(
        manifests.Environment(name).Where(variable => IsSecret(variable.Key)),
        variable => Assert.StartsWith($"secret {Manifests.Namespace}/", variable.Value, StringComparison.Ordinal));

    [Fact]
    public void Silo_AdvertisesItsPodsAddress_AndHasNoServiceInFront()
    {
        Assert.Equal("status.podIP", manifests.Environment(Silo)["NewLoom__AdvertisedAddress"]);
        Assert.DoesNotContain(
            manifests.All<V1Service>(), service => Manifests.Selects(service.Spec.Selector, manifests.PodLabels(Silo)));
    }

    [Fact]
    public void Ports_AreThoseOfTheSettings()
    {
        var settings = manifests.Environment(Silo);
        var ports = manifests.Container(Silo).Ports.ToDictionary(port => port.Name, port => $"{port.ContainerPort}");
        Assert.Equal(settings["NewLoom__SiloPort"], ports["silo"]);
        Assert.Equal(settings["NewLoom__OrleansGatewayPort"], ports["orleans-gateway"]);
        Assert.Equal($"http://+:{ports["http"]}", settings["ASPNETCORE_URLS"]);
        var http = Assert.Single(manifests.Container(Gateway).Ports);
        Assert.Equal($"http://+:{http.ContainerPort}", manifests.Environment(Gateway)["ASPNETCORE_URLS"]);
    }

    [Fact]
    public void Service_LeadsToTheGateways_WithoutStickiness()
    {
        var service = Assert.Single(manifests.All<V1Service>()).Spec;
        Assert.True(Manifests.Selects(service.Selector, manifests.PodLabels(Gateway)));
        Assert.Equal("None", service.SessionAffinity);
        var port = Assert.Single(service.Ports);
        Assert.Equal(Assert.Single(manifests.Container(Gateway).Ports).Name, port.TargetPort.Value);
        Assert.Contains($"port: {port.Port}\n", File.ReadAllText(manifests.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Silo)]
    [InlineData(Gateway)]
    public void Pods_MayTakeLongerToStopThanTheyTake(string name)
    {
        var pod = manifests.Find<V1Deployment>(name).Spec.Template.Spec;
        var preStop = manifests.Container(name).Lifecycle?.PreStop.Sleep.Seconds ?? 0;
        var stop = name == Silo ? ShutdownTimes.Silo
            : ShutdownTimes.Gateway(manifests.Environment(name)["NewLoom__Drain__Window"]);
        Assert.InRange(
            TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value),
            TimeSpan.FromSeconds(preStop) + stop + ShutdownTimes.Margin, TimeSpan.MaxValue);
    }

    [Theory]
    [InlineData(Silo)]
    [InlineData(Gateway)]
    public void Probes_AskWhatThereIs(string name)
    {
        var container = manifests.Container(name);
        Assert.Equal("/healthz/live", container.StartupProbe.HttpGet.Path);
        Assert.Equal("/healthz/live", container.LivenessProbe.HttpGet.Path);
        Assert.Equal("/healthz/ready", container.ReadinessProbe.HttpGet.Path);
        Assert.All(
            new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe },
            probe => Assert.Contains(probe.HttpGet.Port.Value, container.Ports.Select(port => port.Name)));
    }

    [Theory]
    [InlineData(Silo)]
    [InlineData(Gateway)]
    public void Selectors_MeanTheirPods(string name)
    {
        var labels = manifests.PodLabels(name);
        var deployment = manifests.Find<V1Deployment>(name).Spec;
        var budget = manifests.Find<V1PodDisruptionBudget>(name).Spec;
        var selectors = deployment.Template.Spec.TopologySpreadConstraints.Select(spread => spread.LabelSelector)
            .Append(deployment.Selector).Append(budget.Selector);
        Assert.All(selectors, selector => Assert.True(
            selector.MatchLabels.Count > 0 && Manifests.Selects(selector, labels)));
        Assert.False(Manifests.Selects(deployment.Selector, manifests.PodLabels(name == Silo ? Gateway : Silo)));
    }

    [Theory]
    [InlineData(Silo)]
    [InlineData(Gateway)]
    public void Disruptions_TakeOnePodAtATime_AndAnyThatIsNotReady(string name)
    {
        var budget = manifests.Find<V1PodDisruptionBudget>(name).Spec;
        Assert.Equal("1", budget.MaxUnavailable.Value);
        Assert.Equal("AlwaysAllow", budget.UnhealthyPodEvictionPolicy);
    }

    [Fact]
    public void Autoscaler_ScalesTheGateways_AndNobodyElseCountsThem()
    {
        var scaler = Assert.Single(manifests.All<V2HorizontalPodAutoscaler>()).Spec;
        Assert.Equal(("Deployment", Gateway), (scaler.ScaleTargetRef.Kind, scaler.ScaleTargetRef.Name));
        Assert.InRange(scaler.MinReplicas!.Value, 2, scaler.MaxReplicas);
        Assert.Null(manifests.Find<V1Deployment>(Gateway).Spec.Replicas);
        Assert.Contains("cpu", manifests.Container(Gateway).Resources.Requests.Keys);    // what a share is a share of
    }

    [Theory]
    [InlineData(Silo)]
    [InlineData(Gateway)]
    public void Pods_HaveFewRights_AndBoundedMemory(string name)
    {
        var pod = manifests.Find<V1Deployment>(name).Spec.Template.Spec;
        var container = manifests.Container(name);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal(1654, pod.SecurityContext.RunAsUser);    // the images' user
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Equal(["memory"], container.Resources.Limits.Keys);
        var labels = Assert.Single(manifests.All<V1Namespace>()).Metadata.Labels;
        Assert.Equal("restricted", labels["pod-security.kubernetes.io/enforce"]);
    }

    private static bool IsSecret(string variable) =>
        variable.StartsWith("ConnectionStrings", StringComparison.Ordinal)
        || variable.Contains("Secret", StringComparison.Ordinal)
        || variable.EndsWith("Token", StringComparison.Ordinal);
}
