namespace NewLoom.Grains.Chats;

/// <summary>Who types in one chat, and until when.</summary>
internal sealed class TypingBoard
{
    /// <summary>How long a typing member counts as typing without another word.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(string User, string ConnectionId), DateTimeOffset> _until = [];

    /// <summary>When the next entry ends, or null when nobody types.</summary>
    public DateTimeOffset? NextEnd => _until.Count == 0 ? null : _until.Values.Min();

    public void Start(string user, string connectionId, DateTimeOffset now) =>
        _until[(user, connectionId)] = now + Silence;

    public void Stop(string user, string connectionId) => _until.Remove((user, connectionId));

    /// <summary>Takes out every socket on which the user types.</summary>
    public IReadOnlyList<(string User, string ConnectionId)> StopAll(string user) =>
        _until.Count == 0 ? [] : TakeOut(entry => entry.Key.User == user);

    /// <summary>Takes out what has ended.</summary>
    public IReadOnlyList<(string User, string ConnectionId)> StopEnded(DateTimeOffset now) =>
        TakeOut(entry => entry.Value <= now);

    private List<(string User, string ConnectionId)> TakeOut(
        Func<KeyValuePair<(string User, string ConnectionId), DateTimeOffset>, bool> which)
    {
        var taken = _until.Where(which).Select(entry => entry.Key).ToList();
        taken.ForEach(key => _until.Remove(key));
        return taken;
    }
}
