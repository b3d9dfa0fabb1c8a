using NewLoom.Bench.Deliveries;

namespace NewLoom.Bench.Streams;

/// <summary>What is reported when: each stream in turn, so and so often, with errors in between.</summary>
/// <param name="Streams">Streams.</param>
/// <param name="Reports">Reports of each stream, from 0.</param>
/// <param name="Errors">Errors of each stream, spread over its reports.</param>
/// <param name="SendsStats">Whether the reports are counters; else they are statuses, running and paused in
/// turn.</param>
public sealed record ReportPlan(int Streams, int Reports, int Errors, bool SendsStats)
{
    /// <summary>The reports that a rate makes in so many seconds, of each stream; at least one.</summary>
    public static ReportPlan For(int streams, double rate, double seconds, int errors, bool sendsStats) =>
        new(streams, Math.Max(1, (int)Math.Round(rate * seconds)), errors, sendsStats);

    /// <summary>The code of the errors.</summary>
    public const string ErrorCode = "BENCH";

    /// <summary>Statuses and errors that every viewer of a stream must see. Counters are conflated and do not count;
    /// they begin with a running status and end with a completed one.</summary>
    public int PlacedReports => SendsStats ? Errors + 2 : Reports;

    /// <summary>The counter in the last report.</summary>
    public long FinalCount => Reports;

    /// <summary>The status of a report.</summary>
    public static string StatusOf(int report) => report % 2 == 0 ? "running" : "paused";

    /// <summary>How many errors belong before a report is sent.</summary>
    public int ErrorsBefore(int report) => (int)((long)Errors * report / Reports);

    /// <summary>When everything is due.</summary>
    public SendSchedule ScheduleFrom(long startNanoseconds, double rate) =>
        new(startNanoseconds, rate * Streams, Reports * Streams);
}
