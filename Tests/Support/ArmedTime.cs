using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace NewLoom.Tests.Support;

/// <summary>A clock that tests move, once the code under test waits for it.</summary>
internal sealed class ArmedTime : FakeTimeProvider
{
    private readonly Channel<bool> _created = Channel.CreateBounded<bool>(1_000);

    /// <summary>Waits until so many timers more have been created.</summary>
    public async Task WaitForTimersAsync(int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            await _created.Reader.ReadAsync(cancellationToken).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _created.Writer.TryWrite(true);
        return timer;
    }
}
