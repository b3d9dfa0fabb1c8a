using NewLoom.Bench.Chaos;

namespace NewLoom.Tests.Bench.Chaos;

public sealed class FailurePlanTests
{
    private static readonly TimeSpan OutageMax = TimeSpan.FromSeconds(60);

    [Fact]
    public void Plan_IsTheSame_ForTheSameSeed() => Assert.Equal(
        Take(new FailurePlan(7, 3, 2, true, OutageMax), 200), Take(new FailurePlan(7, 3, 2, true, OutageMax), 200));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Plan_BeginsWithEveryKindOnce(int seed) => Assert.Equal(
        Enum.GetValues<FailureKind>(),
        Take(new FailurePlan(seed, 3, 2, true, OutageMax), Enum.GetValues<FailureKind>().Length)
            .Select(failure => failure.Kind).Order());

    [Fact]
    public void Plan_HasEveryKind_AndNoOutageAboveTheMost()
    {
        var failures = Take(new FailurePlan(1, 3, 2, true, OutageMax), 200);

        Assert.Equal(Enum.GetValues<FailureKind>(), failures.Select(failure => failure.Kind).Distinct().Order());
        Assert.All(failures, failure => Assert.InRange(failure.Duration, TimeSpan.Zero, OutageMax));
        Assert.Contains(failures, failure => failure.Duration == OutageMax);
        Assert.All(
            failures.Where(failure => failure.Kind == FailureKind.SilosCut),
            failure => Assert.NotEqual(failure.Number, failure.Other));
    }

    [Fact]
    public void Plan_LeavesSomethingThatCanWork_WhenTwoFailuresComeAtOnce()
    {
        var plan = new FailurePlan(3, 3, 2, true, OutageMax);
        var rounds = Enumerable.Range(0, 200).Select(_ => plan.Next(2)).ToList();

        Assert.Contains(rounds, round => round.Count == 2);
        Assert.All(rounds.Where(round => round.Count == 2), round =>
        {
            Assert.NotEqual(round[0].Part, round[1].Part);
            Assert.All(round, failure => Assert.NotEqual(FailurePart.All, failure.Part));
        });
    }

    [Fact]
    public void Plan_CutsNoNetwork_WhereItCannot() => Assert.DoesNotContain(
        Take(new FailurePlan(1, 3, 2, false, OutageMax), 200),
        failure => failure.Kind is FailureKind.SilosCut or FailureKind.GatewayCut);

    private static List<Failure> Take(FailurePlan plan, int count)
    {
        var failures = new List<Failure>();
        while (failures.Count < count)
        {
            failures.AddRange(plan.Next(count - failures.Count));
        }

        return failures;
    }
}
