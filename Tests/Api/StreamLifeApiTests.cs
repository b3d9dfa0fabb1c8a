using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Api;

/// <summary>Streams are created, listed, shown and deleted.</summary>
public sealed class StreamLifeApiTests(ServiceFixture fixture) : StreamApiTests(fixture)
{
    [Fact]
    public async Task Stream_IsCreated_AndShownToEachAsItMaySeeIt()
    {
        var (owner, viewer, publisher) = (await UserAsync(), await UserAsync(), await UserAsync());
        var created = await PostAsync(
            owner, "api/streams",
            $$"""
            {"name":"n","viewers":["{{viewer.Name}}","{{viewer.Name}}","{{owner.Name}}"],
             "publishers":["{{publisher.Name}}"]}
            """);
        var id = Json(created).Get<long>("stream_id");
        Assert.Equal(
            (201, $$"""{"stream_id":{{id}}}""", $"/api/streams/{id}"), (created.Status, created.Body, created.Location));
        Assert.True(id >= 1_000);

        var users = $$"""
            "viewers":{{Names(owner, viewer)}},"publishers":{{Names(owner, publisher)}}
            """;
        const string State = """
            "execution":1,"status":"pending","errors":[],"version":0,
            "stats":{"processed_count":0,"failed_count":0,"total_count":0,"execution_time":"00:00:00"}
            """;
        foreach (var (user, canView, canPublish, rest) in new[]
        {
            (owner, "true", "true", $"{users},{State}"),
            (viewer, "true", "false", $"{users},{State}"),
            (publisher, "false", "true", users),
        })
        {
            Golden.Equal(
                $$"""
                {"stream_id":{{id}},"name":"n","owner":"{{owner.Name}}","can_view":{{canView}},
                 "can_publish":{{canPublish}},{{rest}}}
                """,
                Json(await GetAsync(user, $"api/streams/{id}")));
        }
    }

    [Theory]
    [InlineData("x", 1)]
    [InlineData("x", 200)]
    [InlineData("😀", 200)]
    public async Task Name_IsKept_UpToTwoHundredCharacters(string character, int count)
    {
        var owner = await UserAsync();
        var name = string.Concat(Enumerable.Repeat(character, count));
        var created = Json(await PostAsync(owner, "api/streams", $$"""{"name":"{{name}}","viewers":null}"""));
        var shown = Json(await GetAsync(owner, $"api/streams/{created.Get<long>("stream_id")}"));
        Assert.Equal(name, shown.Get<string>("name"));
    }

    public static TheoryData<string, string> WrongStreams => new()
    {
        { "{}", "name" },
        { """{"name":null}""", "name" },
        { """{"name":7}""", "$.name" },
        { """{"name":""}""", "name" },
        { """{"name":" \t"}""", "name" },
        { $$"""{"name":"{{new string('x', 201)}}"}""", "name" },
        { """{"name":"x","viewers":"bob"}""", "$.viewers" },
        { """{"name":"x","viewers":[null]}""", "viewers" },
        { """{"name":"x","viewers":[7]}""", "$.viewers[0]" },
        { """{"name":"x","viewers":["no.such.user"]}""", "no.such.user" },
        { """{"name":"x","publishers":{}}""", "$.publishers" },
        { """{"name":"x","publishers":[null]}""", "publishers" },
        { """{"name":"x","publishers":["no.such.user"]}""", "no.such.user" },
        { """{"name":"x","name":"y"}""", "$.name" },
        { """{"Name":"x"}""", "name" },
        { """{"name":"x" """, "body" },
        { "[]", "body" },
        { "null", "body" },
    };

    [Theory]
    [MemberData(nameof(WrongStreams))]
    public async Task Stream_IsNotCreated_WhenTheBodyIsWrong(string body, string detail)
    {
        var owner = await UserAsync();
        AssertInvalid(detail, await PostAsync(owner, "api/streams", body));
        Assert.Equal("""{"streams":[],"has_more":false}""", (await GetAsync(owner, "api/streams")).Body);
    }

    [Fact]
    public async Task Streams_AreListedInPages_ToEverybodyWithARight()
    {
        var (alice, bob) = (await UserAsync(), await UserAsync());
        List<long> ids = [];
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await Fixture.World.StreamAsync(alice, bob));
        }

        var page = Json(await GetAsync(bob, "api/streams?limit=2"));
        Golden.Equal(
            $$"""
            {"stream_id":{{ids[0]}},"name":"A job","owner":"{{alice.Name}}","can_view":true,"can_publish":false}
            """,
            page["streams"]![0]!);
        AssertLists(ids[..2], hasMore: true, page);
        AssertLists(ids[2..], hasMore: false, Json(await GetAsync(bob, $"api/streams?limit=2&after={ids[1]}")));
        AssertLists(ids, hasMore: false, Json(await GetAsync(alice, "api/streams?limit=3")));
    }

    [Theory]
    [InlineData("api/streams?limit=0", "limit")]
    [InlineData("api/streams?limit=1001", "limit")]
    [InlineData("api/streams?limit=x", "limit")]
    [InlineData("api/streams?after=-1", "after")]
    [InlineData("api/streams?after=9007199254740992", "after")]
    [InlineData("api/streams/0", "id")]
    [InlineData("api/streams/-1", "id")]
    [InlineData("api/streams/9007199254740992", "id")]
    [InlineData("api/streams/99999999999999999999", "id")]
    [InlineData("api/streams/abc", "id")]
    [InlineData("api/streams/0/viewers", "id")]
    [InlineData("api/streams/0/executions", "id")]
    [InlineData("api/streams/1/viewers?limit=1001", "limit")]
    [InlineData("api/streams/1/executions?limit=0", "limit")]
    [InlineData("api/streams/1/executions?after=-1", "after")]
    [InlineData("api/streams/1/executions/1/errors?limit=1001", "limit")]
    [InlineData("api/streams/1/executions/1/errors?after=-1", "after")]
    [InlineData("api/streams/1/executions/x/errors", "number")]
    public async Task Request_IsRefused_WhenANumberIsWrong(string path, string detail) =>
        AssertInvalid(detail, await GetAsync(await UserAsync(), path));

    [Fact]
    public async Task Stream_IsGone_WhenItsOwnerDeletesIt()
    {
        var room = await RoomAsync();
        AssertRefused(await DeleteAsync(room.Bob, room.Path));
        Assert.Equal(200, (await GetAsync(room.Bob, room.Path)).Status);

        var deleted = await DeleteAsync(room.Alice, room.Path);

        Assert.Equal((204, ""), (deleted.Status, deleted.Body));
        foreach (var user in new[] { room.Alice, room.Bob })
        {
            AssertRefused(await GetAsync(user, room.Path));
            AssertRefused(await GetAsync(user, $"{room.Path}/executions"));
            Assert.Empty(IdsOf(Json(await GetAsync(user, "api/streams"))));
        }

        AssertRefused(await DeleteAsync(room.Alice, room.Path));
        AssertRefused(await PostAsync(room.Alice, $"{room.Path}/status", """{"status":"running"}"""));
    }

    private static string Names(params (string Name, string Token)[] users) => new JsonArray(
        [.. users.Select(user => user.Name).Order(StringComparer.Ordinal).Select(name => (JsonNode)name)]).ToJsonString();

    private static void AssertLists(List<long> ids, bool hasMore, JsonObject page)
    {
        Assert.Equal(ids, IdsOf(page));
        Assert.Equal(hasMore, page.Get<bool>("has_more"));
    }

    private static List<long> IdsOf(JsonObject page) =>
        [.. page["streams"]!.AsArray().Select(stream => stream!.Get<long>("stream_id"))];
}
