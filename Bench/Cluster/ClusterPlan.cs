namespace NewLoom.Bench.Cluster;

/// <summary>What a cluster consists of.</summary>
internal sealed record ClusterPlan
{
    /// <summary>Silos.</summary>
    public required int Silos { get; init; }

    /// <summary>Gateways as processes of their own; with none, each silo has one in its process.</summary>
    public required int Gateways { get; init; }

    /// <summary>Where its processes run, and where their logs go.</summary>
    public required string Folder { get; init; }

    /// <summary>Settings of all members beside those that make them a cluster, as environment variables.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; init; } = [];

    /// <summary>Whether the one silo has a file instead of PostgreSQL.</summary>
    public bool IsSqlite { get; init; }

    /// <summary>Whether it is only measured: PostgreSQL waits for the disk, and no proxy stands before it.</summary>
    public bool IsMeasured { get; init; }
}
