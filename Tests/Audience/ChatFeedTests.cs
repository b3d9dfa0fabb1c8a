using NewLoom.Chats;
using NewLoom.Gateway.Audience;
using NewLoom.Gateway.Chats;
using NewLoom.Gateways;

namespace NewLoom.Tests.Audience;

public sealed class ChatFeedTests
{
    private const long ChatId = 7;
    private const int HeldCountMax = 10_000;

    private readonly WireRecorder _alice = new("alice");
    private readonly WireRecorder _bob = new("bob");
    private readonly Guid _epoch = Guid.NewGuid();
    private readonly ChatFeed _feed;
    private int _repairCount;

    public ChatFeedTests() => _feed = new ChatFeed(ChatId, _ =>
    {
        _repairCount++;
        return Task.CompletedTask;
    });

    [Fact]
    public void Messages_ArePassedOnOnce_WhenToldTwice()
    {
        Add(_alice, At(0));

        foreach (var seq in new[] { 1, 2, 2, 1, 3 })
        {
            _feed.Take(Posted(seq));
        }

        Assert.Equal([1, 2, 3], _alice.Seqs);
        Assert.Equal(0, _repairCount);
    }

    [Fact]
    public void Gap_IsRepaired_BeforeLaterMessagesArePassedOn()
    {
        Add(_alice, At(1));

        _feed.Take(Posted(3));
        _feed.Take(Posted(4));
        Assert.Empty(_alice.Seqs);
        Assert.Equal(1, _repairCount);

        _feed.TakeMissed([Message(2), Message(3)]);
        Assert.True(_feed.TryEndRepair(At(3)));
        Assert.Equal([2, 3, 4], _alice.Seqs);
        Assert.Equal(1, _repairCount);
    }

    [Fact]
    public void LostMessage_IsNoticed_ByWhateverComesNext()
    {
        Add(_alice, At(1));

        _feed.Take(new TypingChanged
        {
            TopicId = ChatId,
            Position = At(2),
            User = "bob",
            IsTyping = true,
            ConnectionId = "b",
        });

        Assert.Equal(1, _repairCount);
        _feed.TakeMissed([Message(2)]);
        Assert.True(_feed.TryEndRepair(At(2)));
        Assert.Equal(["message", "typing"], _alice.Types);
    }

    [Fact]
    public void NewEpoch_IsRepaired_AndWhatItCoversIsDropped()
    {
        Add(_alice, At(2));
        var next = Guid.NewGuid();

        _feed.Take(Posted(3) with { Position = At(3, epoch: next) });
        _feed.Take(Posted(4) with { Position = At(4, epoch: next) });
        _feed.Take(Posted(3));    // the old activation's word for it, late
        Assert.Equal(1, _repairCount);
        _feed.TakeMissed([Message(3)]);
        Assert.True(_feed.TryEndRepair(At(3, epoch: next)));

        Assert.Equal([3, 4], _alice.Seqs);
        Assert.Equal(1, _repairCount);
    }

    [Fact]
    public void RemovedMember_GetsNothingAfterTheRemoval()
    {
        Add(_alice, At(0));
        Add(_bob, At(0));

        _feed.Take(Posted(1));
        _feed.Take(Removed("bob", At(1, removals: 1)));
        _feed.Take(Posted(2) with { Position = At(2, removals: 1) });

        Assert.Equal([1, 2], _alice.Seqs);
        Assert.Equal([1], _bob.Seqs);
        Assert.False(_feed.Has(_bob.Socket));
    }

    [Fact]
    public void LostRemoval_HoldsMessagesBack_UntilStrangersAreDropped()
    {
        Add(_alice, At(0));
        Add(_bob, At(0));

        _feed.Take(Posted(1) with { Position = At(1, removals: 1) });
        Assert.Empty(_bob.Seqs);
        Assert.Equal(1, _repairCount);
        _feed.Confirm(["alice", "bob"], new RejoinResult { Strangers = ["bob"], Position = At(0, removals: 1) });
        Assert.True(_feed.TryEndRepair(At(0, removals: 1)));

        Assert.Equal([1], _alice.Seqs);
        Assert.Empty(_bob.Seqs);
    }

    [Fact]
    public void MemberWhoCameBack_StaysIn_WhenTheRemovalComesLate()
    {
        Add(_alice, At(0));
        Add(_bob, At(0, removals: 1));

        _feed.Take(Removed("bob", At(0, removals: 1)));
        Assert.True(_feed.Has(_bob.Socket));
        _feed.Take(Removed(null, At(0, removals: 2)));

        Assert.Empty(_feed.Users());
    }

    [Fact]
    public void Subscription_IsRefused_WhenItsWordIsOlderThanARemoval()
    {
        Add(_alice, At(0));
        _feed.Take(Removed("bob", At(0, removals: 1)));

        Assert.Null(_feed.TryAdd(_bob.Socket, At(0), holds: false));
        Assert.NotNull(_feed.TryAdd(_bob.Socket, At(0, removals: 1), holds: false));
    }

    [Fact]
    public void Overflow_ForgetsWhatIsHeld_AndIsRepairedAgain()
    {
        Add(_alice, At(0));
        _feed.Repair();
        for (var seq = 1; seq <= HeldCountMax + 1; seq++)
        {
            _feed.Take(Posted(seq));
        }

        Assert.False(_feed.TryEndRepair(At(0)));
        Assert.Empty(_alice.Seqs);
    }

    [Fact]
    public void Events_AreHeld_UntilTheFirstSocketJoins()
    {
        _feed.Take(Posted(4));
        _feed.Take(Posted(5));

        Add(_alice, At(4));

        Assert.Equal([5], _alice.Seqs);
    }

    [Fact]
    public void HeldSubscription_GetsLiveMessagesAfterMissedOnes()
    {
        Add(_alice, At(2));
        var held = _feed.TryAdd(_bob.Socket, At(2), holds: true)!;

        _feed.Take(Posted(3));
        Assert.True(_feed.TrySendMissed(held, [Message(1), Message(2)]));
        _feed.Release(held);
        _feed.Take(Posted(4));

        Assert.Equal([1, 2, 3, 4], _bob.Seqs);
    }

    [Fact]
    public void MissedMessages_AreNotSent_WhenTheSubscriptionBeganAnew()
    {
        var first = _feed.TryAdd(_bob.Socket, At(2), holds: true)!;
        _feed.TryAdd(_bob.Socket, At(2), holds: true);

        Assert.False(_feed.TrySendMissed(first, [Message(1)]));
        Assert.Empty(_bob.Seqs);
    }

    [Fact]
    public void Socket_KeepsItsPlace_WhenItIsSaidToBeAMemberAgain()
    {
        Assert.False(_feed.TryKeep(_bob.Socket, At(0)));
        Add(_bob, At(0));

        Assert.True(_feed.TryKeep(_bob.Socket, At(1, removals: 1)));
        _feed.Take(Posted(1));
        _feed.Take(Removed("bob", At(1, removals: 1)));

        Assert.Equal([1], _bob.Seqs);
        Assert.True(_feed.Has(_bob.Socket));
    }

    [Fact]
    public void Feed_IsBehind_WhenItsTopicHasToldMoreOrBegunAnew()
    {
        Assert.False(_feed.IsBehind(At(5)));    // nobody has asked for it yet
        Add(_alice, At(2, removals: 1));

        Assert.False(_feed.IsBehind(At(2, removals: 1)));
        Assert.False(_feed.IsBehind(At(1)));    // an answer that was on its way
        Assert.True(_feed.IsBehind(At(3, removals: 1)));
        Assert.True(_feed.IsBehind(At(2, removals: 2)));
        Assert.True(_feed.IsBehind(At(2, removals: 1, Guid.NewGuid())));
    }

    private void Add(WireRecorder wire, TopicPosition joined) =>
        Assert.NotNull(_feed.TryAdd(wire.Socket, joined, holds: false));

    private TopicPosition At(long seq, int removals = 0, Guid? epoch = null) =>
        new() { Epoch = epoch ?? _epoch, LastSeq = seq, RemovalCount = removals };

    private MessagePosted Posted(long seq) => new() { TopicId = ChatId, Position = At(seq), Message = Message(seq) };

    private static MemberRemoved Removed(string? user, TopicPosition position) =>
        new() { TopicId = ChatId, Position = position, User = user };

    private static ChatMessage Message(long seq) => new()
    {
        Id = 1_000 + seq,
        ChatId = ChatId,
        Seq = seq,
        User = "carol",
        Content = "hi",
        Timestamp = DateTimeOffset.UnixEpoch,
    };
}
