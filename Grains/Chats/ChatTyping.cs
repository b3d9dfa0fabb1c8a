namespace NewLoom.Grains.Chats;

/// <summary>Tells who types in one chat, and ends it for those who fall silent.</summary>
/// <remarks>There is a timer only while somebody types.</remarks>
internal sealed class ChatTyping(IGrainBase grain, ChatTeller teller, TimeProvider time)
{
    private readonly TypingBoard _board = new();
    private IGrainTimer? _timer;

    public Task SetAsync(string user, string connectionId, bool isTyping)
    {
        if (isTyping)
        {
            _board.Start(user, connectionId, time.GetUtcNow());
            _timer ??= grain.RegisterGrainTimer(ExpireAsync, TypingBoard.Silence, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _board.Stop(user, connectionId);
        }

        return teller.TypingAsync(user, connectionId, isTyping);
    }

    /// <summary>Says that the user stopped, wherever it was typing.</summary>
    public Task StopAsync(string user) => TellAsync(_board.StopAll(user));

    private async Task TellAsync(IReadOnlyList<(string User, string ConnectionId)> stopped)
    {
        foreach (var (user, connectionId) in stopped)
        {
            await teller.TypingAsync(user, connectionId, isTyping: false);
        }
    }

    private async Task ExpireAsync(CancellationToken cancellationToken)
    {
        await TellAsync(_board.StopEnded(time.GetUtcNow()));
        if (_board.NextEnd is { } next)
        {
            // Telling takes time: the next one may have ended meanwhile.
            var wait = next - time.GetUtcNow();
            _timer!.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer!.Dispose();
            _timer = null;
        }
    }
}
