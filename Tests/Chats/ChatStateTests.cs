using NewLoom.Chats;
using NewLoom.Grains.Chats;
using NewLoom.Grains.Storage;

namespace NewLoom.Tests.Chats;

public sealed class ChatStateTests
{
    private static readonly DateTimeOffset Noon = new(2024, 2, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly ChatState _chat = new(7, new ChatRecord
    {
        Name = "A chat",
        Owner = "alice",
        LastSeq = 9,
        LastTimestamp = Noon,
        Members = [new("alice", 9, 5), new("bob", 3, 2)],
    });

    [Fact]
    public void Mark_MovesForwardOnly()
    {
        Assert.Null(_chat.Moved("bob", MarkKind.Delivered, 3));
        Assert.Null(_chat.Moved("bob", MarkKind.Read, 1));
        Assert.Equal((4, 2), _chat.Moved("bob", MarkKind.Delivered, 4));
    }

    [Fact]
    public void ReadMark_TakesTheDeliveredMarkAlong()
    {
        Assert.Equal((6, 6), _chat.Moved("bob", MarkKind.Read, 6));
        Assert.Equal((9, 6), _chat.Moved("alice", MarkKind.Read, 6));
        _chat.SetMarks("bob", 6, 6);
        Assert.Null(_chat.Moved("bob", MarkKind.Delivered, 6));
    }

    [Fact]
    public void Mark_OfAStranger_DoesNotMove() => Assert.Null(_chat.Moved("carol", MarkKind.Read, 9));

    [Fact]
    public void Timestamp_NeverFalls_AndHasWholeMilliseconds()
    {
        Assert.Equal(Noon, _chat.NextTimestamp(Noon.AddSeconds(-5)));
        Assert.Equal(Noon.AddMilliseconds(7), _chat.NextTimestamp(Noon.AddTicks(79_999)));
        Assert.Equal(Noon.AddMilliseconds(7), _chat.NextTimestamp(Noon));
    }

    [Fact]
    public void Eldest_IsWhoHasBeenThereLongest()
    {
        _chat.Add("carol");
        Assert.Equal("alice", _chat.Eldest());
        _chat.TakeOut("alice");
        _chat.Add("alice");
        Assert.Equal("bob", _chat.Eldest());
        _chat.TakeOut("bob");
        Assert.Equal("carol", _chat.Eldest());
    }

    [Fact]
    public void Member_ComesBackAsItWas_WhenPutBack()
    {
        var bob = _chat.TakeOut("bob")!.Value;
        Assert.Null(_chat.InfoFor("bob"));

        _chat.PutBack("bob", bob);

        Assert.Equal(2, _chat.InfoFor("bob")!.ReadSeq);
        Assert.Null(_chat.TakeOut("carol"));
    }
}
