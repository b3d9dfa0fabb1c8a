namespace NewLoom.Bench.Chaos;

/// <summary>A report that the service confirmed.</summary>
/// <param name="Execution">The execution that it counted for.</param>
/// <param name="Version">The stream's last place after it.</param>
/// <param name="Status">The reported status; null for counters and errors.</param>
/// <param name="Error">The reported error's text; null for others.</param>
/// <param name="ProcessedCount">The reported counter; null for others.</param>
internal sealed record JobReport(int Execution, long Version, string? Status, string? Error, long? ProcessedCount);
