namespace NewLoom.Bench.Chaos;

/// <summary>Holds what publishers and viewers of one stream were told against what is stored of it.</summary>
internal sealed class JobAudit(Topic stream, List<(long Seq, JobEvent Event)> log, ChaosBooks books)
{
    /// <summary>One order without gaps, and nothing after the end of an execution.</summary>
    public void CheckLog(List<(int Number, string Status)> executions)
    {
        Demand(
            log.Select(item => item.Seq).SequenceEqual(Enumerable.Range(1, log.Count).Select(seq => (long)seq)),
            "the places have gaps");
        var (execution, hasEnded, time) = (1, false, 0L);
        foreach (var (seq, item) in log)
        {
            var isNext = item.Execution == execution + 1 && hasEnded;
            Demand(
                isNext || (item.Execution == execution && !hasEnded),
                $"place {seq} is {item}, after execution {execution}{(hasEnded ? " had ended" : "")}");
            Demand(item.Timestamp >= time, $"the time of place {seq} is before the one of its predecessor");
            hasEnded = item.Status is { } status && JobStatuses.IsTerminal(status);
            (execution, time) = (item.Execution, item.Timestamp);
        }

        foreach (var (number, status) in executions.Where(item => item.Number > 0))
        {
            var last = log.LastOrDefault(item => item.Event.Execution == number && item.Event.Status is not null);
            Demand(
                last.Event is null || last.Event.Status == status,
                $"execution {number} is {status}, but its last status is {last.Event?.Status}");
        }
    }

    /// <summary>Every confirmed status and error is stored where the answer said or before. Counters are written
    /// behind: a silo that is killed takes a second of them with it, and the next report brings them back.</summary>
    public void CheckReports(IEnumerable<JobReport> reports)
    {
        foreach (var group in reports.Where(report => report.ProcessedCount is null)
            .GroupBy(report => (report.Execution, report.Status, report.Error)))
        {
            var count = log.Count(item =>
                item.Event.Execution == group.Key.Execution && item.Event.Status == group.Key.Status
                && item.Event.Error == group.Key.Error);
            Demand(
                count >= group.Count(),
                $"{group.Count()} reports '{group.Key.Status}{group.Key.Error}' of execution {group.Key.Execution} " +
                $"were confirmed, but {count} are stored");
            foreach (var report in group)
            {
                Demand(
                    log.Exists(item =>
                        item.Seq <= report.Version && item.Event.Execution == report.Execution
                        && item.Event.Status == report.Status && item.Event.Error == report.Error),
                    $"{report} was confirmed, but is not stored up to place {report.Version}");
            }
        }
    }

    /// <summary>On each socket a snapshot that was true, and then every status and error in order.</summary>
    public void CheckViewer(JobViewer viewer)
    {
        for (var i = 0; i < viewer.Sights.Count; i++)
        {
            var sight = viewer.Sights[i];
            var rest = log.Skip((int)sight.Version).Select(item => item.Event).ToList();
            var wrong = sight.Events.Zip(rest).ToList().FindIndex(pair => !pair.First.Tells(pair.Second));
            Demand(
                sight.Events.Count <= rest.Count && wrong < 0,
                $"{viewer.Name} saw {sight.Events.Count} events after {sight.Version}, of {rest.Count}" +
                (wrong < 0 ? "" : $"; the first wrong one is {sight.Events[wrong]} instead of {rest[wrong]}"));
            var before = log.Take((int)sight.Version).Select(item => item.Event)
                .LastOrDefault(item => item.Status is not null);
            Demand(
                before is null || (before.Status == sight.Status && before.Execution == sight.Execution),
                $"{viewer.Name} got a snapshot of {sight.Version} with {sight.Execution} {sight.Status}, not {before}");
        }

        var end = viewer.Sights is [.., var last] ? last.Version + last.Events.Count : 0;
        Demand(end == log.Count, $"{viewer.Name} ended at {end} of {log.Count}");
    }

    private void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            books.Complain($"{stream}: {otherwise}");
        }
    }
}
