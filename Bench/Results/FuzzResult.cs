namespace NewLoom.Bench.Results;

/// <summary>What <c>fuzz</c> found out.</summary>
public sealed record FuzzResult : ScenarioResult
{
    private const double GrowthMegabytesMax = 64;

    /// <summary>Where the random numbers started; with it each client makes the same frames again.</summary>
    public required int Seed { get; init; }

    /// <summary>Frames that were sent; a batch is one.</summary>
    public required long Frames { get; init; }

    /// <summary>Sockets that were opened for them.</summary>
    public required int Sockets { get; init; }

    /// <summary>Frames that came back.</summary>
    public required long Replies { get; init; }

    /// <summary>Close codes of the server and how often they came; <c>0</c> stands for a connection that ended without
    /// one.</summary>
    public required IReadOnlyDictionary<int, int> Closes { get; init; }

    /// <summary>Sockets that hung, ended without need, or said <c>internal_error</c>.</summary>
    public required int Troubles { get; init; }

    /// <summary>What the first of them was.</summary>
    public required string? FirstTrouble { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>The server's memory after a fifth of the frames, when its processes are known.</summary>
    public required double? WarmMegabytes { get; init; }

    /// <summary>The same at the end.</summary>
    public required double? EndMegabytes { get; init; }

    /// <inheritdoc />
    public override bool Clean => Troubles == 0 && !(EndMegabytes - WarmMegabytes > GrowthMegabytesMax);

    /// <inheritdoc />
    protected override IEnumerable<string> Lines()
    {
        yield return $"fuzz        {Frames} frames on {Sockets} sockets in {Seconds:0} s, seed {Seed}; " +
            $"{Replies} replies";
        yield return $"closes      {string.Join(", ", Closes.OrderBy(c => c.Key).Select(c => $"{c.Key}: {c.Value}"))}";
        if (WarmMegabytes is not null)
        {
            yield return $"memory      {WarmMegabytes} MB after a fifth of the frames, {EndMegabytes} MB at the end " +
                $"(at most {GrowthMegabytesMax} more)";
        }

        yield return $"troubles    {Troubles}";
        if (FirstTrouble is not null)
        {
            yield return $"first       {FirstTrouble}";
        }
    }
}
