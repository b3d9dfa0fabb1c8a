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

    [Fact]
    public void Reports_AreFine_WhenTheyAreStoredWhereTheAnswerSaidOrBefore()
    {
        AuditOf((1, 1, "running"), (2, 1, "paused")).CheckReports(
            [Report(1, "running"), Report(2, "paused"), new JobReport(1, 2, null, null, ProcessedCount: 7)]);

        Assert.Empty(_books.Complaints);
    }

    [Fact]
    public void Report_IsWrong_WhenItIsNotStored()
    {
        AuditOf((1, 1, "running")).CheckReports([Report(1, "running"), Report(2, "paused")]);

        Assert.All(_books.Complaints, complaint => Assert.Contains("paused", complaint, StringComparison.Ordinal));
        Assert.NotEmpty(_books.Complaints);
    }

    [Fact]
    public void Report_IsWrong_WhenItIsStoredLaterThanTheAnswerSaid()
    {
        AuditOf((1, 1, "running"), (2, 1, "paused"), (3, 1, "running"), (4, 1, "completed"))
            .CheckReports([Report(3, "completed")]);

        Assert.Contains("up to place 3", Assert.Single(_books.Complaints), StringComparison.Ordinal);
    }

    private static JobReport Report(long version, string status) => new(1, version, status, null, null);

    private void Check(params (long Seq, int Execution, string Status)[] log) => AuditOf(log).CheckLog([]);

    private JobAudit AuditOf(params (long Seq, int Execution, string Status)[] log) => new(
        _stream, [.. log.Select(item => (item.Seq, new JobEvent(item.Execution, item.Seq, item.Status, null)))], _books);
}
