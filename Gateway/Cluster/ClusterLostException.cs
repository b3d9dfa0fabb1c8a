using Orleans.Runtime;

namespace NewLoom.Gateway.Cluster;

/// <summary>No silo is connected. The log has said so already, once.</summary>
internal sealed class ClusterLostException() : OrleansException("No silo is connected.");
