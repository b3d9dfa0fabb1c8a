using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NewLoom.Gateway.Security;

namespace NewLoom.Tests.Security;

/// <summary>Security events on a clock of their own, and what they wrote.</summary>
internal sealed class WrittenEvents : ILogger<SecurityEvents>, IDisposable
{
    private readonly ConcurrentQueue<WrittenEvent> _lines = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public WrittenEvents()
    {
        Metrics = new IdentityMetrics(Meters);
        Events = new SecurityEvents(this, Metrics, Time);
    }

    public FakeTimeProvider Time { get; } = new();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public IdentityMetrics Metrics { get; }

    public SecurityEvents Events { get; }

    /// <summary>What was written and not taken yet.</summary>
    public List<WrittenEvent> Take()
    {
        var taken = new List<WrittenEvent>();
        while (_lines.TryDequeue(out var line))
        {
            taken.Add(line);
        }

        return taken;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        var values = ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(
            value => value.Key, value => value.Value);
        _lines.Enqueue(new WrittenEvent(
            eventId.Id, eventId.Name!, (string)values["Reason"]!, (string?)values["User"],
            values["Address"]?.ToString(), (long)values["Count"]!, formatter(state, exception)));
    }

    public void Dispose()
    {
        Events.Dispose();
        _services.Dispose();
    }
}

/// <summary>One event of the log.</summary>
internal sealed record WrittenEvent(
    int Id, string Name, string Reason, string? User, string? Address, long Count, string Text);
