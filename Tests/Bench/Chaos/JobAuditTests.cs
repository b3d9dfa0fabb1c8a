using NewLoom.Bench.Chaos;

namespace NewLoom.Tests.Bench.Chaos;

/// <summary>The judge of a chaos run sees what is wrong.</summary>
public sealed class JobAuditTests
{
    private readonly ChaosBooks _books = new(TimeProvider.System);
    private readonly Topic _stream = new("stream", 1, TimeProvider.System);

    [Fact]
    public void Log_IsFine_WhenExecutionsFollowEachOther()
    {
        Check((1, 1, "running"), (2, 1, "completed"), (3, 2, "running"));

        Assert.Empty(_books.Complaints);
    }

    [Fact]
    public void Log_IsWrong_WhenSomethingComesAfterTheEnd()
    {
        Check((1, 1, "running"), (2, 1, "lost"), (3, 1, "completed"));

        Assert.Contains("after execution 1 had ended", Assert.Single(_books.Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_IsWrong_WhenAnExecutionBeginsBeforeTheOldOneHasEnded()
    {
        Check((1, 1, "running"), (2, 2, "running"));

        Assert.Single(_books.Complaints);
    }

    [Fact]
    public void Log_IsWrong_WhenAPlaceIsMissing()
    {
        Check((1, 1, "running"), (3, 1, "completed"));

        Assert.Contains("gaps", Assert.Single(_books.Complaints), StringComparison.Ordinal);
    }

    private void Check(params (long Seq, int Execution, string Status)[] log) => new JobAudit(
        _stream, [.. log.Select(item => (item.Seq, new JobEvent(item.Execution, item.Seq, item.Status, null)))], _books)
        .CheckLog([]);
}
