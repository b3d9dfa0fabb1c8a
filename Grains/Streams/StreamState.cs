using System.Collections.Immutable;
using NewLoom.Grains.Storage;
using NewLoom.Streams;

namespace NewLoom.Grains.Streams;

/// <summary>One stream in memory: what is stored of it, and nothing else.</summary>
internal sealed class StreamState
{
    private readonly Dictionary<string, Rights> _rights = new(StringComparer.Ordinal);
    private readonly string _name;
    private DateTimeOffset _lastTimestamp;
    private ImmutableArray<StreamError> _errors;
    private long _granted;

    public StreamState(long streamId, StreamRecord record)
    {
        StreamId = streamId;
        _name = record.Name;
        Owner = record.Owner;
        Execution = record.Execution;
        Version = record.LastSeq;
        _lastTimestamp = record.LastTimestamp;
        _errors = record.Errors;
        foreach (var rights in record.Rights)
        {
            Set(rights.User, rights.CanView, rights.CanPublish);
        }
    }

    public long StreamId { get; }

    public string Owner { get; set; }

    public Execution Execution { get; private set; }

    /// <summary>The place of the last status or error; 0 before the first.</summary>
    public long Version { get; private set; }

    /// <summary>How many users have a right.</summary>
    public int UserCount => _rights.Count;

    public bool CanView(string user) => _rights.TryGetValue(user, out var rights) && rights.CanView;

    public bool CanPublish(string user) => _rights.TryGetValue(user, out var rights) && rights.CanPublish;

    public bool IsKnownTo(string user) => user == Owner || _rights.ContainsKey(user);

    public RightsRecord RightsOf(string user) => new(user, CanView(user), CanPublish(user));

    /// <summary>Sets a user's rights; one who has any keeps its place in the order.</summary>
    /// <returns>What puts them back, with the place.</returns>
    public Action Set(string user, bool canView, bool canPublish)
    {
        var had = _rights.TryGetValue(user, out var before);
        if (canView || canPublish)
        {
            _rights[user] = new Rights(had ? before.GrantedOrder : _granted++, canView, canPublish);
        }
        else
        {
            _rights.Remove(user);
        }

        return had ? () => _rights[user] = before : () => _rights.Remove(user);
    }

    /// <summary>Nobody may do anything any more.</summary>
    public void Close() => _rights.Clear();

    /// <summary>Who has had a right the longest, somebody else than <paramref name="user"/>; null: nobody.</summary>
    public string? EldestBut(string user) => _rights.Where(entry => entry.Key != user)
        .OrderBy(entry => entry.Value.GrantedOrder).Select(entry => entry.Key).FirstOrDefault();

    public ImmutableArray<string> UsersWith(StreamRight right, string? after, int limit) =>
    [
        .. _rights
            .Where(entry => right == StreamRight.View ? entry.Value.CanView : entry.Value.CanPublish)
            .Select(entry => entry.Key)
            .Where(user => after is null || string.CompareOrdinal(user, after) > 0)
            .Order(StringComparer.Ordinal)
            .Take(limit),
    ];

    /// <summary>The time of what happens now: whole milliseconds, but never before the last event's.</summary>
    public DateTimeOffset NextTimestamp(DateTimeOffset now)
    {
        now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        return now > _lastTimestamp ? now : _lastTimestamp;
    }

    /// <summary>Takes in what has been stored.</summary>
    public void Take(ReportDraft draft)
    {
        foreach (var (record, _) in draft.Events)
        {
            Version++;
            _lastTimestamp = record.Timestamp;
            if (record.Execution != Execution.Number)
            {
                Execution = draft.Execution;
                _errors = [];
            }

            if (record.Status is null)
            {
                var surplus = _errors.Length + 1 - StreamSnapshot.ErrorCountMax;
                _errors = [.. _errors.Skip(surplus), ErrorOf(record, Version)];
            }
        }

        Execution = draft.Execution;
    }

    public StreamSnapshot SnapshotAt(DateTimeOffset now) => new()
    {
        StreamId = StreamId,
        Name = _name,
        Execution = Execution.Number,
        Status = Execution.Status,
        Stats = Execution.StatsAt(now),
        Errors = _errors,
        Version = Version,
    };

    public StreamInfo? InfoFor(string user) => !IsKnownTo(user)
        ? null
        : new StreamInfo
        {
            StreamId = StreamId,
            Name = _name,
            Owner = Owner,
            CanView = CanView(user),
            CanPublish = CanPublish(user),
        };

    /// <summary>A stored error.</summary>
    public static StreamError ErrorOf(EventRecord record, long seq) => new()
    {
        Seq = seq,
        Message = record.ErrorMessage!,
        Code = record.ErrorCode!,
        Timestamp = record.Timestamp,
    };

    private readonly record struct Rights(long GrantedOrder, bool CanView, bool CanPublish);
}
