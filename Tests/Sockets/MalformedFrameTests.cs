using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Sockets;

[Collection(SharedService.Name)]
public sealed class MalformedFrameTests(ServiceFixture fixture, MalformedFrameTests.Room room)
    : IClassFixture<MalformedFrameTests.Room>
{
    private const string InvalidFormat =
        """{"type":"error","code":"invalid_format","message":"Invalid message format","detail":"#text"}""";

    public static TheoryData<string> Names => [.. MalformedFrames.All.Select(frame => frame.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Frame_GetsInvalidFormat_AndNothingElseHappens(string name)
    {
        var (_, text, echo) = MalformedFrames.All.Single(frame => frame.Name == name);
        await using var sender = await TestSocket.OpenAsync(fixture.Service, room.Alice.Token);
        await using var other = await TestSocket.OpenAsync(fixture.Service, room.Bob.Token);

        await sender.SendAsync(OfChat(text));

        AssertRefused(OfChat(echo), Assert.Single(await sender.UntilHeartbeatAsync()));
        Assert.Empty(await other.UntilHeartbeatAsync());
    }

    [Fact]
    public async Task BinaryFrame_GetsInvalidFormat()
    {
        await using var socket = await TestSocket.OpenAsync(fixture.Service, room.Alice.Token);

        await socket.SendBinaryAsync("""{"type":"heartbeat","request_id":"r"}"""u8.ToArray());

        AssertRefused("{}", Assert.Single(await socket.UntilHeartbeatAsync()));
    }

    [Fact]
    public async Task Batch_IsHandledPartByPart_WhenSomeAreBad()
    {
        await using var socket = await TestSocket.OpenAsync(fixture.Service, room.Alice.Token);

        await socket.SendAsync(OfChat(
            """
            {"type":"batch","request_id":"whole","frames":[
              {"type":"heartbeat","request_id":"a"},
              {"type":"typing","chat_id":@,"request_id":"b"},
              null,
              {"type":"history","chat_id":@,"limit":1,"request_id":"d"}]}
            """));

        Golden.Equal("""{"type":"heartbeat","timestamp":"#time","request_id":"a"}""", await socket.NextAsync());
        AssertRefused(OfChat("""{"chat_id":@,"request_id":"b"}"""), await socket.NextAsync());
        AssertRefused("{}", await socket.NextAsync());
        Assert.Equal("d", (await socket.NextAsync("history")).Get<string>("request_id"));
    }

    [Theory]
    [InlineData("""{"type":"heartbeat","request_id":"r","$id":"1","$type":"x","$ref":"2","extra":{"a":[1,null]}}""")]
    [InlineData("""{"$type":"x","request_id":"r","type":"heartbeat"}""")]
    [InlineData("""{"type":"heartbeat","request_id":"r","chat_id":"not used here","client_id":5,"frames":7}""")]
    [InlineData(""" { "request_id" : "r" , "\u0074ype" : "heartbeat" } """)]
    [InlineData("""{"type":"heartbeat","request_id":"r","":1,"x":1e400}""")]
    [InlineData("""{"type":"batch","frames":[{"type":"heartbeat","request_id":"r","$id":"1"}],"$values":[]}""")]
    public async Task Frame_IsAnswered_WhenItHoldsMoreThanItNeeds(string text)
    {
        await using var socket = await TestSocket.OpenAsync(fixture.Service, room.Alice.Token);

        await socket.SendAsync(text);

        Golden.Equal("""{"type":"heartbeat","timestamp":"#time","request_id":"r"}""", await socket.NextAsync());
    }

    [Fact]
    public void Table_HasAtLeastSixtyRows() => Assert.True(MalformedFrames.All.Count() >= 60);

    private string OfChat(string text) => text.Replace("@", $"{room.ChatId}", StringComparison.Ordinal);

    private static void AssertRefused(string echo, JsonObject actual)
    {
        var expected = JsonNode.Parse(InvalidFormat)!.AsObject();
        foreach (var (field, value) in JsonNode.Parse(echo)!.AsObject())
        {
            expected.Add(field, value?.DeepClone());
        }

        Golden.Equal(expected.ToJsonString(), actual);
    }

    /// <summary>Two members of one chat.</summary>
    public sealed class Room(ServiceFixture fixture) : IAsyncLifetime
    {
        public (string Name, string Token) Alice { get; private set; }

        public (string Name, string Token) Bob { get; private set; }

        public long ChatId { get; private set; }

        public async ValueTask InitializeAsync()
        {
            (Alice, Bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
            ChatId = await fixture.World.ChatAsync(Alice, Bob);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
