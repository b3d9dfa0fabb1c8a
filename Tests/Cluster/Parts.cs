using NewLoom.Tests.Durability;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Cluster;

/// <summary>Silos and gateways as processes of their own.</summary>
internal static class Parts
{
    /// <summary>A silo without a gateway.</summary>
    public static ServiceProcess Silo(
        IReadOnlyDictionary<string, string?>? settings = null, bool isOnFile = false) =>
        new(With(settings, ("NewLoom__Gateway__Enabled", "false")), isOnFile);

    /// <summary>A gateway of that silo, on this machine.</summary>
    public static ServiceProcess Gateway(
        ServiceProcess silo, IReadOnlyDictionary<string, string?>? settings = null) => new(
        With(settings, ("NewLoom__OrleansGatewayPort", silo.OrleansGatewayPort), ("ConnectionStrings__NewLoom", null)),
        program: "Gateway");

    private static Dictionary<string, string?> With(
        IReadOnlyDictionary<string, string?>? settings, params (string Name, string? Value)[] more)
    {
        var all = new Dictionary<string, string?>(settings ?? Load.Limits);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return all;
    }
}
