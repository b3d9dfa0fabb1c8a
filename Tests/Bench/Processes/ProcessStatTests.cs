using NewLoom.Bench.Processes;

namespace NewLoom.Tests.Bench.Processes;

public sealed class ProcessStatTests
{
    // proc_pid_stat(5), shortened behind field 24
    private const string Fields = "S 42 7 7 0 -1 4194560 100 0 0 0 150 50 20 3 20 0 12 0 9000 123456789 2048 18446744";

    [Theory]
    [InlineData("dotnet")]
    [InlineData("a b")]
    [InlineData(":-) 1 2 (x)")]
    public void Stat_IsRead_WhateverTheProgramIsCalled(string name)
    {
        var stat = ProcessStat.Parse($"1234 ({name}) {Fields}", pageBytes: 4096);

        Assert.Equal(new ProcessStat(42, TimeSpan.FromMilliseconds(2230), 2048 * 4096), stat);
    }

    [Fact]
    public void Stat_IsNull_WhenThereIsNoSuchProcess() => Assert.Null(ProcessStat.Read(int.MaxValue));
}
