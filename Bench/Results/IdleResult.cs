namespace NewLoom.Bench.Results;

/// <summary>What <c>idle</c> found out; its deliveries are those of the closing check.</summary>
public sealed record IdleResult : DeliveryResult
{
    /// <summary>Sockets that were open.</summary>
    public required int Sockets { get; init; }

    /// <summary>How fast they opened.</summary>
    public required double ConnectsPerSecond { get; init; }

    /// <summary>Memory of the server's processes, with users and chats but no socket.</summary>
    public required double BeforeMegabytes { get; init; }

    /// <summary>The same with all sockets, after the hold.</summary>
    public required double AfterMegabytes { get; init; }

    /// <summary>The difference for one socket.</summary>
    public required double KilobytesPerSocket { get; init; }

    /// <inheritdoc />
    protected override IEnumerable<string> OwnLines()
    {
        yield return $"idle        {Sockets} sockets, {ConnectsPerSecond:0} opened a second";
        yield return $"memory      {KilobytesPerSocket:0.0} KB per socket " +
            $"({BeforeMegabytes:0.0} MB before, {AfterMegabytes:0.0} MB after)";
    }
}
