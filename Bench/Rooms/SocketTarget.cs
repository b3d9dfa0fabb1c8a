namespace NewLoom.Bench.Rooms;

/// <summary>What one socket opens, and where it sends.</summary>
public sealed record SocketTarget(long ChatId, string Path);
