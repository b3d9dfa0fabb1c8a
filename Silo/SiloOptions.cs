namespace NewLoom.Silo;

/// <summary>Which database a process keeps its data in.</summary>
public enum StorageKind
{
    /// <summary>One file; one process.</summary>
    Sqlite,

    /// <summary>A database on a server; any number of processes.</summary>
    PostgreSql,
}

/// <summary>How silos find each other.</summary>
public enum ClusteringKind
{
    /// <summary>One silo process, alone.</summary>
    Localhost,
}

/// <summary>What this process is. Configuration section <c>NewLoom</c>.</summary>
public sealed class SiloOptions
{
    /// <summary>The database. (default: Sqlite)</summary>
    public StorageKind Storage { get; set; } = StorageKind.Sqlite;

    /// <summary>The cluster. (default: Localhost)</summary>
    public ClusteringKind Clustering { get; set; } = ClusteringKind.Localhost;

    /// <summary>TCP port on which silos talk to this one. (default: 11111)</summary>
    public int SiloPort { get; set; } = 11_111;

    /// <summary>TCP port on which Orleans clients talk to this silo. (default: 30000)</summary>
    public int OrleansGatewayPort { get; set; } = 30_000;
}
