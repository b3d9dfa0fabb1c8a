namespace NewLoom.Bench.Chaos;

/// <summary>Which failures happen, from a seed: each kind once, and then in turns those that are frequent more often;
/// in an order that is shuffled for each turn.</summary>
internal sealed class FailurePlan(int seed, int siloCount, int gatewayCount, bool canCut, TimeSpan outageMax)
{
    private const int AllEvery = 4;    // turns
    private static readonly TimeSpan DownMax = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan OutageUsual = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan CutMax = TimeSpan.FromSeconds(20);

    // Clients of a frozen gateway are deaf meanwhile, which is not what is looked for.
    private static readonly TimeSpan FrozenMin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FrozenMax = TimeSpan.FromSeconds(6);

    // Those that happen more often in reality stand here more than once.
    private static readonly FailureKind[] Turn =
    [
        FailureKind.SiloKilled, FailureKind.SiloKilled, FailureKind.SiloKilled,
        FailureKind.GatewayKilled, FailureKind.GatewayKilled, FailureKind.GatewayKilled,
        FailureKind.SiloRestarted, FailureKind.GatewayRestarted,
        FailureKind.DatabaseRestarted, FailureKind.DatabaseCrashed,
        FailureKind.DatabaseSilent, FailureKind.DatabaseRefusing,
        FailureKind.SiloFrozen, FailureKind.GatewayFrozen, FailureKind.SilosCut, FailureKind.GatewayCut,
    ];

    private readonly Random _random = new(seed);
    private readonly Queue<FailureKind> _next = new();
    private int _turns;

    /// <summary>The next failures: one, or in one of three cases two at the same time. Members are numbered from the
    /// one that has been running the longest, which has the most to lose and is taken most often.</summary>
    /// <param name="countMax">How many there may be, at least 1.</param>
    public IReadOnlyList<Failure> Next(int countMax)
    {
        var first = One();
        if (countMax == 1 || first.Part == FailurePart.All || _random.Next(3) > 0)
        {
            return [first];
        }

        if (_next.Count == 0)
        {
            Fill();
        }

        var second = Make(_next.Peek());
        if (second.Part == first.Part || second.Part == FailurePart.All)
        {
            return [first];
        }

        _next.Dequeue();
        return [first, second];
    }

    private Failure One()
    {
        if (_next.Count == 0)
        {
            Fill();
        }

        return Make(_next.Dequeue());
    }

    private void Fill()
    {
        IEnumerable<FailureKind> kinds = _turns == 0 ? Turn.Distinct() : Turn;
        if (_turns++ % AllEvery == 0)
        {
            kinds = kinds.Concat([FailureKind.AllRestarted, FailureKind.AllKilled]);
        }

        var order = kinds
            .Where(kind => canCut || kind is not (FailureKind.SilosCut or FailureKind.GatewayCut)).ToArray();
        _random.Shuffle(order);
        foreach (var kind in order)
        {
            _next.Enqueue(kind);
        }
    }

    private Failure Make(FailureKind kind)
    {
        var silo = (int)(siloCount * Math.Pow(_random.NextDouble(), 2));
        var otherSilo = (silo + 1 + _random.Next(siloCount - 1)) % siloCount;
        var gateway = _random.Next(gatewayCount);
        var (share, isLong) = (_random.NextDouble(), _random.Next(8) == 0);
        return kind switch
        {
            FailureKind.SiloKilled => new(kind, silo, 0, DownMax * share),
            FailureKind.GatewayKilled => new(kind, gateway, 0, DownMax * share),
            FailureKind.GatewayRestarted => new(kind, gateway, 0, TimeSpan.Zero),
            FailureKind.GatewayFrozen => new(kind, gateway, 0, FrozenMin + ((FrozenMax - FrozenMin) * share)),
            FailureKind.DatabaseSilent or FailureKind.DatabaseRefusing => new(
                kind, 0, 0, isLong ? outageMax : Min(outageMax, OutageUsual) * share),
            FailureKind.SilosCut => new(kind, silo, otherSilo, Min(outageMax, CutMax) * share),
            FailureKind.GatewayCut => new(kind, silo, gateway, Min(outageMax, CutMax) * share),
            _ => new(kind, silo, 0, TimeSpan.Zero),
        };
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
