using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace NewLoom.Tests.Support;

/// <summary>Keeps what is logged, for a test that waits for it.</summary>
internal sealed class LineLogger<T> : ILogger<T>
{
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(10_000);

    /// <summary>The next line, waiting for it if need be.</summary>
    public async Task<string> NextAsync(CancellationToken cancellationToken) =>
        await _lines.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => _lines.Writer.TryWrite(formatter(state, exception));
}
