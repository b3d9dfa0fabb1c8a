using NewLoom.Bench.Rooms;

namespace NewLoom.Tests.Bench.Rooms;

public sealed class RoomLayoutTests
{
    public static TheoryData<int, int> Layouts => new()
    {
        { 1, 1 }, { 1000, 10 }, { 50, 100 }, { 2, 1000 }, { 3, 7 }, { 5000, 10 }, { 20, 1 }, { 7, 333 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Layout_KeepsWithinTheSocketsOfAUser_AndSeatsNobodyTwiceInARoom(int rooms, int members)
    {
        var layout = new RoomLayout(rooms, members);
        var socketsOfUser = new int[layout.Users];
        for (var room = 0; room < rooms; room++)
        {
            var users = Enumerable.Range(0, members).Select(m => layout.UserOf(room, m)).ToList();
            Assert.Equal(members, users.Distinct().Count());
            users.ForEach(user => socketsOfUser[user]++);
        }

        Assert.InRange(socketsOfUser.Max(), 1, 20);
    }

    [Theory]
    [InlineData(1000, 10, 20_000)]
    [InlineData(50, 100, 10_000)]
    [InlineData(1, 1, 20)]
    public void Layout_AllowsWhatItsUsersMaySend(int rooms, int members, double messagesPerSecond) =>
        Assert.Equal(messagesPerSecond, new RoomLayout(rooms, members).MessagesPerSecondMax);

    [Fact]
    public void Layout_HasEveryUserSendOnce_BeforeOneSendsAgain()
    {
        var layout = new RoomLayout(1000, 10);

        var senders = Enumerable.Range(0, layout.Rooms)
            .Select(room => layout.UserOf(room, layout.SenderOf(room, sequence: 3)));

        Assert.Equal(layout.Users, senders.Distinct().Count());
    }
}
