using System.Diagnostics;
using System.Globalization;
using System.Net;
using NewLoom.Bench.Processes;

namespace NewLoom.Bench.Cluster;

/// <summary>Where members of the cluster live: each in a network namespace with an address of its own, so that any two
/// can be cut from each other; or all on the loopback interface, where nobody can be.</summary>
internal sealed class ClusterNetwork : IDisposable
{
    private const string Bridge = "newloom0";
    private const string Prefix = "10.77.0.";

    private readonly List<Process> _holders = [];
    private readonly string _ip = Isolation.IsInside ? InstalledProgram.Get("ip") : "";

    /// <summary>Whether members can be cut from each other.</summary>
    public bool CanCut { get; } = Isolation.IsInside;

    /// <summary>Where this program is reached by members.</summary>
    public IPAddress Own => CanCut ? AddressOf(1) : IPAddress.Loopback;

    /// <summary>Makes the network that places are added to.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (CanCut)
        {
            await RunAsync(["link", "set", "lo", "up"], cancellationToken);
            await RunAsync(["link", "add", Bridge, "type", "bridge"], cancellationToken);
            await RunAsync(["addr", "add", $"{Own}/24", "dev", Bridge], cancellationToken);
            await RunAsync(["link", "set", Bridge, "up"], cancellationToken);
        }
    }

    /// <summary>Makes a place for one more member; it stays when the member's process ends.</summary>
    public async Task<NetworkPlace> AddAsync(CancellationToken cancellationToken)
    {
        if (!CanCut)
        {
            return new NetworkPlace(
                IPAddress.Loopback, [], FreePorts.Take(), FreePorts.Take(), FreePorts.Take());
        }

        // A namespace lives as long as a process in it: this one does nothing else.
        var holder = Process.Start(InstalledProgram.Get("unshare"), ["--net", "--", "sleep", "infinity"]);
        _holders.Add(holder);
        var number = _holders.Count + 10;
        string[] enter =
            [InstalledProgram.Get("nsenter"), "-t", holder.Id.ToString(CultureInfo.InvariantCulture), "-n", "--"];
        await UntilApartAsync(holder, cancellationToken);
        await RunAsync(
            ["link", "add", $"m{number}", "type", "veth", "peer", "name", "eth0", "netns", $"{holder.Id}"],
            cancellationToken);
        await RunAsync(["link", "set", $"m{number}", "master", Bridge, "up"], cancellationToken);
        await InstalledProgram.RunAsync([.. enter, _ip, "link", "set", "lo", "up"], cancellationToken);
        await InstalledProgram.RunAsync(
            [.. enter, _ip, "addr", "add", $"{AddressOf(number)}/24", "dev", "eth0"], cancellationToken);
        await InstalledProgram.RunAsync([.. enter, _ip, "link", "set", "eth0", "up"], cancellationToken);
        return new NetworkPlace(AddressOf(number), enter, 8000, 11111, 30000);
    }

    /// <summary>Lets nothing through between two places any more: what is sent vanishes, and no connection is
    /// told.</summary>
    public Task CutAsync(NetworkPlace one, NetworkPlace other, CancellationToken cancellationToken) =>
        RouteAsync("add", one, other, cancellationToken);

    /// <summary>Ends a cut.</summary>
    public Task MendAsync(NetworkPlace one, NetworkPlace other, CancellationToken cancellationToken) =>
        RouteAsync("del", one, other, cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var holder in _holders)
        {
            holder.Kill();
            holder.Dispose();
        }
    }

    private async Task RouteAsync(
        string change, NetworkPlace one, NetworkPlace other, CancellationToken cancellationToken)
    {
        foreach (var (from, to) in new[] { (one, other), (other, one) })
        {
            await InstalledProgram.RunAsync(
                [.. from.Enter, _ip, "route", change, "blackhole", $"{to.Address}/32"], cancellationToken);
        }
    }

    /// <summary>Waits until the process has left the network of this one.</summary>
    private static async Task UntilApartAsync(Process holder, CancellationToken cancellationToken)
    {
        var own = File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)!.Name;
        while (File.ResolveLinkTarget($"/proc/{holder.Id}/ns/net", returnFinalTarget: false)!.Name == own)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
        }
    }

    private static IPAddress AddressOf(int number) => IPAddress.Parse($"{Prefix}{number}");

    private Task RunAsync(string[] arguments, CancellationToken cancellationToken) =>
        InstalledProgram.RunAsync([_ip, .. arguments], cancellationToken);
}

/// <summary>Where one member lives.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Enter">What is written before a command so that it runs there.</param>
/// <param name="HttpPort">Its port for HTTP.</param>
/// <param name="SiloPort">Its port for silos.</param>
/// <param name="OrleansGatewayPort">Its port for gateways.</param>
internal sealed record NetworkPlace(
    IPAddress Address, string[] Enter, int HttpPort, int SiloPort, int OrleansGatewayPort);
