using NewLoom.Tests.Support;

namespace NewLoom.Tests.Api;

/// <summary>Rights on a stream are the owner's to give, and everybody's own to give up.</summary>
public sealed class StreamRightApiTests(ServiceFixture fixture) : StreamApiTests(fixture)
{
    private const string Running = """{"status":"running"}""";

    [Theory]
    [InlineData("viewers", true)]
    [InlineData("publishers", false)]
    public async Task Right_IsGivenAndTaken_AndNoOtherWithIt(string rights, bool isView)
    {
        var (room, carol) = (await RoomAsync(), await UserAsync());
        var path = $"{room.Path}/{rights}/{carol.Name}";
        AssertRefused(await GetAsync(carol, room.Path));
        for (var i = 0; i < 2; i++)
        {
            var given = await PutAsync(room.Alice, path);    // a repeat is harmless
            Assert.Equal((204, ""), (given.Status, given.Body));
        }

        var shown = Json(await GetAsync(carol, room.Path));
        Assert.Equal((isView, !isView), (shown.Get<bool>("can_view"), shown.Get<bool>("can_publish")));
        Assert.Equal(isView, shown.ContainsKey("status"));
        Assert.Equal(isView ? 200 : 403, (await GetAsync(carol, $"{room.Path}/executions")).Status);
        Assert.Equal(isView ? 403 : 200, (await PostAsync(carol, $"{room.Path}/status", Running)).Status);

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(204, (await DeleteAsync(room.Alice, path)).Status);
        }

        AssertRefused(await GetAsync(carol, room.Path));
        AssertRefused(await GetAsync(carol, $"{room.Path}/executions"));
        AssertRefused(await PostAsync(carol, $"{room.Path}/status", Running));
    }

    [Fact]
    public async Task Right_IsGivenUp_ByWhoHasIt()
    {
        var room = await RoomAsync();
        Assert.Equal(204, (await DeleteAsync(room.Bob, $"{room.Path}/viewers/{room.Bob.Name}")).Status);
        AssertRefused(await GetAsync(room.Bob, room.Path));
        AssertRefused(await DeleteAsync(room.Bob, $"{room.Path}/viewers/{room.Bob.Name}"));
    }

    [Fact]
    public async Task Owner_StaysTheOwner_WithoutRights()
    {
        var room = await RoomAsync();
        foreach (var right in new[] { "viewers", "publishers" })
        {
            Assert.Equal(204, (await DeleteAsync(room.Alice, $"{room.Path}/{right}/{room.Alice.Name}")).Status);
        }

        Assert.False(Json(await GetAsync(room.Alice, room.Path)).ContainsKey("status"));
        AssertRefused(await PostAsync(room.Alice, $"{room.Path}/status", Running));
        Assert.Equal(204, (await PutAsync(room.Alice, $"{room.Path}/publishers/{room.Alice.Name}")).Status);
        Assert.Equal(200, (await PostAsync(room.Alice, $"{room.Path}/status", Running)).Status);
    }

    [Theory]
    [InlineData("viewers")]
    [InlineData("publishers")]
    public async Task Users_AreListedInPages_InOrdinalOrder(string rights)
    {
        var (room, carol) = (await RoomAsync(), await UserAsync());
        await DeleteAsync(room.Alice, $"{room.Path}/viewers/{room.Bob.Name}");
        await PutAsync(room.Alice, $"{room.Path}/{rights}/{carol.Name}");
        string[] names = [.. new[] { room.Alice.Name, carol.Name }.Order(StringComparer.Ordinal)];

        var first = await GetAsync(carol, $"{room.Path}/{rights}?limit=1");
        Assert.Equal($$"""{"usernames":["{{names[0]}}"],"has_more":true}""", first.Body);
        var second = await GetAsync(carol, $"{room.Path}/{rights}?limit=1&after={names[0]}");
        Assert.Equal($$"""{"usernames":["{{names[1]}}"],"has_more":false}""", second.Body);
    }

    [Theory]
    [InlineData("no.such.user", "no.such.user")]
    [InlineData("a%20b", "username")]
    public async Task Right_IsNotGiven_ToNobody(string name, string detail)
    {
        var room = await RoomAsync();
        foreach (var right in new[] { "viewers", "publishers" })
        {
            AssertInvalid(detail, await PutAsync(room.Alice, $"{room.Path}/{right}/{name}"));
        }
    }

    [Fact]
    public async Task Stranger_SeesNoDifference_BetweenAStreamAndNone()
    {
        var (room, stranger) = (await RoomAsync(), await UserAsync());
        foreach (var path in new[] { room.Path, $"api/streams/{UnknownId}" })
        {
            ApiAnswer[] answers =
            [
                await GetAsync(stranger, path),
                await DeleteAsync(stranger, path),
                await GetAsync(stranger, $"{path}/viewers"),
                await GetAsync(stranger, $"{path}/publishers"),
                await PutAsync(stranger, $"{path}/viewers/{stranger.Name}"),
                await PutAsync(stranger, $"{path}/publishers/no.such.user"),
                await DeleteAsync(stranger, $"{path}/viewers/{stranger.Name}"),
                await DeleteAsync(stranger, $"{path}/publishers/{room.Alice.Name}"),
                await PostAsync(stranger, $"{path}/status", Running),
                await PostAsync(stranger, $"{path}/stats", """{"processed_count":1}"""),
                await PostAsync(stranger, $"{path}/errors", """{"message":"m","code":"E"}"""),
                await GetAsync(stranger, $"{path}/executions"),
                await GetAsync(stranger, $"{path}/executions/1/errors"),
            ];
            Assert.All(answers, AssertRefused);
        }

        Assert.Equal(0, Json(await GetAsync(room.Alice, room.Path)).Get<long>("version"));
    }

    [Fact]
    public async Task Viewer_MayNeitherReportNorManage()
    {
        var (room, carol) = (await RoomAsync(), await UserAsync());
        var before = await GetAsync(room.Bob, room.Path);
        ApiAnswer[] answers =
        [
            await PostAsync(room.Bob, $"{room.Path}/status", Running),
            await PostAsync(room.Bob, $"{room.Path}/stats", """{"processed_count":1}"""),
            await PostAsync(room.Bob, $"{room.Path}/errors", """{"message":"m","code":"E"}"""),
            await PutAsync(room.Bob, $"{room.Path}/viewers/{carol.Name}"),
            await PutAsync(room.Bob, $"{room.Path}/publishers/{room.Bob.Name}"),
            await DeleteAsync(room.Bob, $"{room.Path}/viewers/{room.Alice.Name}"),
            await DeleteAsync(room.Bob, $"{room.Path}/publishers/{room.Alice.Name}"),
            await DeleteAsync(room.Bob, room.Path),
        ];
        Assert.All(answers, AssertRefused);
        Assert.Equal(before.Body, (await GetAsync(room.Bob, room.Path)).Body);
    }

    [Fact]
    public async Task Calls_NeedATokenWithTheirScope()
    {
        var room = await RoomAsync();
        var rights = $"{room.Path}/viewers/{room.Bob.Name}";
        foreach (var (scope, reads, views, reports) in new[]
        {
            ("chat", 403, 403, 403), ("streams:view", 200, 200, 403), ("streams:publish", 200, 403, 200),
        })
        {
            var alice = await NarrowAsync(room.Alice, scope);
            Assert.Equal(reads, (await GetAsync(alice, "api/streams")).Status);
            Assert.Equal(reads, (await GetAsync(alice, room.Path)).Status);
            Assert.Equal(reads, (await GetAsync(alice, $"{room.Path}/viewers")).Status);
            Assert.Equal(reads == 200 ? 204 : 403, (await PutAsync(alice, rights)).Status);
            Assert.Equal(reads == 200 ? 201 : 403, (await PostAsync(alice, "api/streams", """{"name":"x"}""")).Status);
            Assert.Equal(views, (await GetAsync(alice, $"{room.Path}/executions")).Status);
            Assert.Equal(views, (await GetAsync(alice, $"{room.Path}/executions/1/errors")).Status);
            Assert.Equal(reports, (await PostAsync(alice, $"{room.Path}/status", Running)).Status);
            Assert.Equal(reports, (await PostAsync(alice, $"{room.Path}/stats", """{"failed_count":1}""")).Status);
            Assert.Equal(
                reports, (await PostAsync(alice, $"{room.Path}/errors", """{"message":"m","code":"E"}""")).Status);
        }
    }

    [Fact]
    public async Task State_IsNotShown_ToATokenThatMayOnlyPublish()
    {
        var room = await RoomAsync();
        var shown = Json(await GetAsync(await NarrowAsync(room.Alice, "streams:publish"), room.Path));
        Assert.True(shown.Get<bool>("can_view"));    // the user may, with another token
        Assert.DoesNotContain(shown, field => field.Key is "status" or "stats" or "errors" or "execution" or "version");
    }
}
