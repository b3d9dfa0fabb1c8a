using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(LooseService.Name)]
public sealed class HistoryTests(LooseServiceFixture fixture)
{
    private const int MessageCount = 205;

    [Fact]
    public async Task History_PagesBackToTheFirst()
    {
        await using var room = await FullRoomAsync();

        await AssertPageAsync(room, beforeSeq: null, limit: null, first: 156, last: 205, hasMore: true);
        await AssertPageAsync(room, beforeSeq: null, limit: 200, first: 6, last: 205, hasMore: true);
        await AssertPageAsync(room, beforeSeq: 6, limit: 5, first: 1, last: 5, hasMore: false);
        await AssertPageAsync(room, beforeSeq: 6, limit: 4, first: 2, last: 5, hasMore: true);
        await AssertPageAsync(room, beforeSeq: 1_000_000, limit: 1, first: 205, last: 205, hasMore: true);
        await AssertPageAsync(room, beforeSeq: 1, limit: 1, first: 1, last: 0, hasMore: false);
    }

    private static async Task AssertPageAsync(
        ChatRoom room, long? beforeSeq, int? limit, long first, long last, bool hasMore)
    {
        await room.Bob.SendAsync(ClientFrames.History(room.ChatId, beforeSeq, limit));

        var page = await room.Bob.NextAsync("history");
        Assert.Equal(hasMore, page.Get<bool>("has_more"));
        Assert.Equal(
            Enumerable.Range((int)first, (int)(last - first + 1)).Select(seq => (long)seq),
            page["messages"]!.AsArray().Select(message => message!.Get<long>("seq")));
    }

    private async Task<ChatRoom> FullRoomAsync()
    {
        var room = await ChatRoom.OpenAsync(fixture.Service);
        await room.Alice.SendManyAsync(room.ChatId, MessageCount);
        return room;
    }
}
