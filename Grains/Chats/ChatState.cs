using System.Collections.Immutable;
using NewLoom.Chats;
using NewLoom.Grains.Storage;

namespace NewLoom.Grains.Chats;

/// <summary>One chat in memory: its name, its members and their marks, and how far its log was told.</summary>
internal sealed class ChatState
{
    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    private long _joined;

    public ChatState(long chatId, ChatRecord record)
    {
        ChatId = chatId;
        Name = record.Name;
        Owner = record.Owner;
        LastSeq = record.LastSeq;
        LastTimestamp = record.LastTimestamp;
        foreach (var member in record.Members)
        {
            _members.Add(member.User, new Member(_joined++, member.DeliveredSeq, member.ReadSeq));
        }
    }

    public long ChatId { get; }

    public string Name { get; set; }

    public string Owner { get; set; }

    /// <summary>The last message that listeners were told.</summary>
    public long LastSeq { get; set; }

    public DateTimeOffset LastTimestamp { get; private set; }

    public int MemberCount => _members.Count;

    public IEnumerable<string> Members => _members.Keys;

    public bool IsMember(string user) => _members.ContainsKey(user);

    /// <summary>The time of the next message: now in whole milliseconds, but never before the last one's.</summary>
    public DateTimeOffset NextTimestamp(DateTimeOffset now)
    {
        now = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        return LastTimestamp = now > LastTimestamp ? now : LastTimestamp;
    }

    public void Add(string user) => _members.TryAdd(user, new Member(_joined++, 0, 0));

    public Member? TakeOut(string user) => _members.Remove(user, out var member) ? member : null;

    public void PutBack(string user, Member member) => _members[user] = member;

    /// <summary>The member who has been there longest, or null when there is none.</summary>
    public string? Eldest() => _members.Count == 0 ? null : _members.MinBy(entry => entry.Value.JoinOrder).Key;

    /// <summary>Where a member's marks would be after a move, or null when it would move neither.</summary>
    public (long DeliveredSeq, long ReadSeq)? Moved(string user, MarkKind kind, long seq)
    {
        if (!_members.TryGetValue(user, out var member))
        {
            return null;
        }

        // Who has read a message has it.
        var read = kind == MarkKind.Read ? Math.Max(member.ReadSeq, seq) : member.ReadSeq;
        var delivered = Math.Max(member.DeliveredSeq, Math.Max(seq, read));
        var moves = kind == MarkKind.Read ? read > member.ReadSeq : delivered > member.DeliveredSeq;
        return moves ? (delivered, read) : null;
    }

    public void SetMarks(string user, long deliveredSeq, long readSeq) =>
        _members[user] = _members[user] with { DeliveredSeq = deliveredSeq, ReadSeq = readSeq };

    public ImmutableArray<string> MembersAfter(string? after, int limit) =>
    [
        .. _members.Keys
            .Where(user => after is null || string.CompareOrdinal(user, after) > 0)
            .Order(StringComparer.Ordinal)
            .Take(limit),
    ];

    /// <summary>The chat as a member sees it, or null for a stranger.</summary>
    public ChatInfo? InfoFor(string user) => !_members.TryGetValue(user, out var member)
        ? null
        : new ChatInfo
        {
            ChatId = ChatId,
            Name = Name,
            Owner = Owner,
            Seq = LastSeq,
            ReadSeq = member.ReadSeq,
            MemberCount = _members.Count,
        };

    /// <summary>One membership; the marks are places of messages.</summary>
    internal readonly record struct Member(long JoinOrder, long DeliveredSeq, long ReadSeq);
}
