using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(LooseService.Name)]
public sealed class LongResumeTests(LooseServiceFixture fixture)
{
    [Theory]
    [InlineData(0, 6, true)]
    [InlineData(4, 6, true)]
    [InlineData(5, 6, false)]
    public async Task Resume_IsTruncated_WhenMoreThanAThousandWereMissed(long afterSeq, long firstSeq, bool isTruncated)
    {
        await using var room = await ChatRoom.OpenAsync(fixture.Service);
        await room.Alice.SendManyAsync(room.ChatId, 1_005);
        var late = await room.OpenMoreAsync(room.BobUser, isExtended: true, "chats=none");

        await late.SendAsync(ClientFrames.Subscribe(room.ChatId, afterSeq));

        var truncated = isTruncated ? ",\"truncated\":true" : "";
        Golden.Equal(
            room.Of($$"""{"type":"subscribed","chat_id":$chat,"seq":1005{{truncated}}}"""),
            await late.NextAsync("subscribed"));
        await SubscriptionTests.AssertSeqsAsync(late, firstSeq, 1_005);
        Assert.All(late.Batches, batch =>
        {
            Assert.Equal(["type", "frames"], batch.Select(field => field.Key));
            Assert.InRange(batch["frames"]!.AsArray().Count, 2, 100);
        });
    }
}
