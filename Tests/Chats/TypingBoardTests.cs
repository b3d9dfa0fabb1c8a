using NewLoom.Grains.Chats;

namespace NewLoom.Tests.Chats;

public sealed class TypingBoardTests
{
    private static readonly DateTimeOffset Start = new(2024, 2, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly TypingBoard _board = new();

    [Fact]
    public void Entry_Ends_AfterTheSilence()
    {
        _board.Start("alice", "a", Start);
        _board.Start("alice", "a", Start + TimeSpan.FromSeconds(3));
        _board.Start("bob", "b", Start + TimeSpan.FromSeconds(5));

        Assert.Equal(Start + TimeSpan.FromSeconds(13), _board.NextEnd);
        Assert.Empty(_board.StopEnded(Start + TimeSpan.FromSeconds(12.999)));
        Assert.Equal([("alice", "a")], _board.StopEnded(Start + TimeSpan.FromSeconds(13)));
        Assert.Equal(Start + TimeSpan.FromSeconds(15), _board.NextEnd);
    }

    [Fact]
    public void StopAll_TakesEverySocketOfTheUser()
    {
        _board.Start("alice", "a1", Start);
        _board.Start("alice", "a2", Start);
        _board.Start("bob", "b", Start);

        Assert.Equal([("alice", "a1"), ("alice", "a2")], _board.StopAll("alice").Order());
        Assert.Empty(_board.StopAll("alice"));
        _board.Stop("bob", "b");
        Assert.Null(_board.NextEnd);
    }
}
