using System.Net;
using NewLoom.Gateway.Hosting;

namespace NewLoom.Silo;

/// <summary>Which database a process keeps its data in.</summary>
internal enum StorageKind
{
    /// <summary>One file; one process.</summary>
    Sqlite,

    /// <summary>A database on a server; any number of processes.</summary>
    PostgreSql,
}

/// <summary>What this silo is. Configuration section <c>NewLoom</c>.</summary>
internal sealed record SiloOptions
{
    /// <summary>The cluster that it belongs to.</summary>
    public required ClusterSettings Cluster { get; init; }

    /// <summary>The database. (default: Sqlite)</summary>
    public required StorageKind Storage { get; init; }

    /// <summary>Where the others reach this silo, and where it listens. (default: the loopback interface with
    /// <see cref="ClusteringKind.Localhost"/>, else this machine's first other address)</summary>
    public required IPAddress AdvertisedAddress { get; init; }

    /// <summary>TCP port on which silos talk to this one. (default: 11111)</summary>
    public required int SiloPort { get; init; }
}
