namespace NewLoom.Bench.Chaos;

/// <summary>What can happen to a cluster.</summary>
internal enum FailureKind
{
    /// <summary>A silo is killed (SIGKILL) and started again some seconds later.</summary>
    SiloKilled,

    /// <summary>A gateway is killed (SIGKILL) and started again some seconds later.</summary>
    GatewayKilled,

    /// <summary>A silo is asked to end (SIGTERM) and started again when it has.</summary>
    SiloRestarted,

    /// <summary>A gateway is asked to end (SIGTERM) and started again when it has.</summary>
    GatewayRestarted,

    /// <summary>PostgreSQL is ended in good order and started again.</summary>
    DatabaseRestarted,

    /// <summary>PostgreSQL is ended at once, and recovers from its log.</summary>
    DatabaseCrashed,

    /// <summary>For some time nothing comes through to PostgreSQL, and connections hang.</summary>
    DatabaseSilent,

    /// <summary>For some time connections to PostgreSQL break, and new ones are refused.</summary>
    DatabaseRefusing,

    /// <summary>A silo is frozen (SIGSTOP) until the cluster has given it up, and then thawed.</summary>
    SiloFrozen,

    /// <summary>A gateway is frozen (SIGSTOP) for some time, while more is told than may wait for it.</summary>
    GatewayFrozen,

    /// <summary>For some time nothing comes through between two silos.</summary>
    SilosCut,

    /// <summary>For some time nothing comes through between a gateway and a silo.</summary>
    GatewayCut,

    /// <summary>All silos and gateways are asked to end and started again, one after the other.</summary>
    AllRestarted,

    /// <summary>All silos and gateways are killed at the same time and started again.</summary>
    AllKilled,
}

/// <summary>The part of the cluster that a failure is about. Two failures at once are about different parts, so that
/// there is always something left that can work.</summary>
internal enum FailurePart
{
    /// <summary>One silo or two.</summary>
    Silos,

    /// <summary>One gateway.</summary>
    Gateways,

    /// <summary>The database.</summary>
    Database,

    /// <summary>All of it.</summary>
    All,
}

/// <summary>One failure.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Number">To which silo or gateway.</param>
/// <param name="Other">The second member of a cut.</param>
/// <param name="Duration">How long it lasts, or how long the member stays down.</param>
internal sealed record Failure(FailureKind Kind, int Number, int Other, TimeSpan Duration)
{
    /// <summary>What it is about.</summary>
    public FailurePart Part => Kind switch
    {
        FailureKind.GatewayKilled or FailureKind.GatewayRestarted or FailureKind.GatewayFrozen => FailurePart.Gateways,
        FailureKind.DatabaseRestarted or FailureKind.DatabaseCrashed or FailureKind.DatabaseSilent
            or FailureKind.DatabaseRefusing => FailurePart.Database,
        FailureKind.AllRestarted or FailureKind.AllKilled => FailurePart.All,
        _ => FailurePart.Silos,
    };

    /// <inheritdoc />
    public override string ToString()
    {
        var who = Kind switch
        {
            FailureKind.GatewayCut => $" silo{Number + 1}-gateway{Other + 1}",
            FailureKind.SilosCut => $" silo{Number + 1}-silo{Other + 1}",
            _ when Part == FailurePart.Gateways => $" gateway{Number + 1}",
            _ => Part == FailurePart.Silos ? $" silo{Number + 1}" : "",
        };
        return $"{Kind}{who}{(Duration > TimeSpan.Zero ? $" {Duration.TotalSeconds:0.0} s" : "")}";
    }
}
