using NewLoom.Gateway.Frames;

namespace NewLoom.Gateway.Sockets;

/// <summary>What a socket that came without a credential owes: a first frame that says who it is, in time.</summary>
internal sealed class FirstFrame : IDisposable
{
    private readonly Func<AuthenticateFrame?, Task> _admit;
    private readonly ITimer _limit;

    /// <param name="limit">How long the socket may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="admit">Lets the socket in or refuses it; null when its first frame was another one.</param>
    /// <param name="giveUp">Refuses a socket that took too long.</param>
    public FirstFrame(TimeSpan limit, TimeProvider time, Func<AuthenticateFrame?, Task> admit, Action giveUp)
    {
        _admit = admit;
        _limit = time.CreateTimer(_ => giveUp(), state: null, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes the first frame.</summary>
    public Task TakeAsync(FrameReading reading)
    {
        _limit.Dispose();
        return _admit(reading.Frame as AuthenticateFrame);
    }

    public void Dispose() => _limit.Dispose();
}
