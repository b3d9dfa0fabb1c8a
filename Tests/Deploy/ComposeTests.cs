using System.Xml.Linq;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Deploy;

/// <summary>Holds compose.yaml against its schema, the programs and the proxy's configuration.</summary>
public sealed class ComposeTests
{
    private static readonly string[] SecretWords = ["PASSWORD", "Password=", "Token:", "Secret:"];

    private readonly ComposeFile _file = ComposeFile.Load(ComposedCluster.Secrets);

    private IEnumerable<string> Silos => NamesOf("newloom-silo");

    private IEnumerable<string> Gateways => NamesOf("newloom-gateway");

    [Fact]
    public async Task File_FollowsTheComposeSpecification()
    {
        using var node = new NodeClients { Source = DeployFiles.Schemas };
        var run = await node.RunAsync("compose.mjs", ComposeFile.Path);
        Assert.True(run.ExitCode == 0, run.Errors);

        var wrong = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            wrong, "services: { a: { image: a, restarts: always } }", TestContext.Current.CancellationToken);
        Assert.Contains("restarts", (await node.RunAsync("compose.mjs", wrong)).Errors, StringComparison.Ordinal);
        File.Delete(wrong);
    }

    [Fact]
    public void Topology_IsTwoSilosTwoGatewaysADatabaseAndAProxy()
    {
        Assert.Equal(2, Silos.Count());
        Assert.Equal(2, Gateways.Count());
        Assert.Equal(6, _file.Names.Count());
        Assert.Equal(6, _file.Names.Select(_file.Address).Distinct().Count());
    }

    [Fact]
    public void Variables_AreOnesThatTheProgramsRead() => Assert.All(
        Silos.Concat(Gateways).SelectMany(name => _file.Environment(name).Keys),
        variable => Assert.True(SettingNames.Contains(variable), variable));

    [Fact]
    public void Secrets_AreNotInTheFile()
    {
        var text = File.ReadAllText(ComposeFile.Path);
        Assert.Equal(ComposedCluster.Secrets.Keys.Order(), ComposeFile.Variables().Order());
        Assert.All(
            text.Split('\n').Where(line => SecretWords.Any(word => line.Contains(word, StringComparison.Ordinal))),
            line => Assert.Contains("${", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Services_ComeBackAndAreChecked() => Assert.All(_file.Names, name =>
    {
        Assert.Equal("unless-stopped", $"{_file.Service(name)["restart"]}");
        Assert.NotEmpty(_file.HealthCheck(name));
    });

    [Fact]
    public void Programs_MayTakeLongerToStopThanTheyTake()
    {
        Assert.All(Silos, name => Assert.InRange(
            _file.GracePeriod(name), ShutdownTimes.Silo + ShutdownTimes.Margin, TimeSpan.MaxValue));
        Assert.All(Gateways, name => Assert.InRange(
            _file.GracePeriod(name), ShutdownTimes.Gateway() + ShutdownTimes.Margin, TimeSpan.MaxValue));
    }

    [Fact]
    public void Addresses_AreThoseThatTheProgramsAreTold()
    {
        Assert.All(
            Silos, name => Assert.Equal(_file.Address(name), _file.Environment(name)["NewLoom__AdvertisedAddress"]));
        Assert.All(
            Gateways,
            name => Assert.Equal(_file.Address("proxy"), _file.Environment(name)["NewLoom__TrustedProxies__0"]));
    }

    [Fact]
    public void Proxy_KnowsAllGatewaysByNameAndPort()
    {
        var lines = File.ReadAllLines(DeployFiles.PathOf("deploy", "nginx", "nginx.conf")).Select(line => line.Trim());
        var servers = lines.Where(line => line.StartsWith("server ", StringComparison.Ordinal) && line.Contains(':'))
            .Select(line => line.Split(' ')[1]);
        var gateways = Gateways.Select(name => $"{name}:8000").ToList();
        Assert.Equal([.. gateways, .. gateways], servers);    // for requests, and for sockets
        Assert.Contains("listen 8443 ssl;", lines);
        Assert.Equal("8443:8443", _file.Service("proxy")["ports"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("Silo", "newloom-silo", "11111,30000,8000")]
    [InlineData("Gateway", "newloom-gateway", "8000")]
    public void Images_AreThoseThatTheProjectsMake(string project, string image, string ports)
    {
        var properties = XDocument.Load(DeployFiles.PathOf($"{project}.csproj")).Descendants().ToList();
        Assert.Equal(image, properties.Single(item => item.Name == "ContainerRepository").Value);
        Assert.Equal("1654", properties.Single(item => item.Name == "ContainerUser").Value);
        Assert.Equal(ports, string.Join(',', properties.Where(item => item.Name == "ContainerPort")
            .Select(item => item.Attribute("Include")!.Value).Order(StringComparer.Ordinal)));
    }

    private IEnumerable<string> NamesOf(string image) =>
        _file.Names.Where(name => _file.Service(name)["image"]!.GetValue<string>() == image);
}
