namespace NewLoom.Streams;

/// <summary>What a publisher says of its job.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.report")]
public abstract record StreamReport;

/// <summary>The job's status. <see cref="StreamStatus.Pending"/> or <see cref="StreamStatus.Running"/> after a terminal
/// one starts the next execution.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.report.status")]
public sealed record StatusReport : StreamReport
{
    /// <summary>One that a publisher may report (<see cref="StreamStatuses.IsReportable"/>).</summary>
    [Id(0)] public required StreamStatus Status { get; init; }

    /// <summary>Within what time the publisher promises to report again: whole seconds, 5 s to 3,600 s. Null leaves the
    /// execution's lease as it is (at its start: none).</summary>
    [Id(1)] public TimeSpan? Lease { get; init; }
}

/// <summary>Absolute counters of the job's current execution. What is left out, or below the last value, changes
/// nothing.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.report.stats")]
public sealed record StatsReport : StreamReport
{
    /// <summary>0 to 2^53-1.</summary>
    [Id(0)] public long? ProcessedCount { get; init; }

    /// <summary>0 to 2^53-1.</summary>
    [Id(1)] public long? FailedCount { get; init; }

    /// <summary>0 to 2^53-1, and not below the sum of the other two.</summary>
    [Id(2)] public long? TotalCount { get; init; }

    /// <summary>Whole seconds, not negative; null lets the service compute it.</summary>
    [Id(3)] public TimeSpan? ExecutionTime { get; init; }
}

/// <summary>Something that went wrong in the job's current execution.</summary>
[GenerateSerializer, Immutable, Alias("newloom.stream.report.error")]
public sealed record ErrorReport : StreamReport
{
    /// <summary>The longest message, in Unicode scalar values.</summary>
    public const int MessageLengthMax = 4_000;

    /// <summary>The longest code, in Unicode scalar values.</summary>
    public const int CodeLengthMax = 64;

    /// <summary>1 to 4,000 Unicode scalar values, not only white space.</summary>
    [Id(0)] public required string Message { get; init; }

    /// <summary>1 to 64 characters, for programs.</summary>
    [Id(1)] public required string Code { get; init; }

    /// <summary>What is wrong with the texts, naming the wire's field; null when nothing is.</summary>
    public string? FindProblem() =>
        FindTextProblem(Message, "error.message", MessageLengthMax) ?? FindTextProblem(Code, "error.code", CodeLengthMax);

    private static string? FindTextProblem(string text, string name, int lengthMax)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return $"{name} is empty";
        }

        // A scalar value is one or two UTF-16 units.
        return text.Length > 2 * lengthMax || (text.Length > lengthMax && text.EnumerateRunes().Count() > lengthMax)
            ? $"{name} is longer than {lengthMax} characters"
            : StorableText.IsValid(text) ? null : $"{name} holds U+0000 or half a surrogate pair";
    }
}
