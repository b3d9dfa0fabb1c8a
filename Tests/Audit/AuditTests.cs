using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Authentication;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Audit;

/// <summary>Every change that the HTTP API makes is recorded with who made it.</summary>
[Collection(SharedService.Name)]
public sealed class AuditTests(ServiceFixture fixture)
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task TokenChanges_AreRecorded_WithWhoMadeThem()
    {
        var alice = await fixture.World.UserAsync();
        using var own = fixture.Service.Http(alice.Token);
        var path = $"api/users/{alice.Name}/tokens";
        var issued = await ReadAsync(await own.PostAsJsonAsync(path, new { }, _ct));
        using var admin = fixture.Service.Http();
        (await admin.DeleteAsync($"{path}/{issued.Get<string>("token_id")}", _ct)).EnsureSuccessStatusCode();
        (await admin.DeleteAsync($"api/users/{alice.Name}", _ct)).EnsureSuccessStatusCode();

        var entries = await AuditLog.OfAsync(fixture.Service, alice.Name);
        Assert.Equal(
            [
                $"(administrator) user.created {alice.Name}",
                $"(administrator) token.issued {alice.Name}",
                $"{alice.Name} token.issued {alice.Name}",
                $"(administrator) token.revoked {alice.Name}",
                $"(administrator) user.deleted {alice.Name}",
                $"(administrator) token.revoked {alice.Name}",
            ],
            entries.Select(AuditLog.Line));
        Assert.Equal(issued.Get<string>("token_id"), entries[2].Get<string>("token_id"));
        Assert.Equal(issued.Get<string>("token_id"), entries[3].Get<string>("token_id"));
        Assert.Equal(entries[1].Get<string>("token_id"), entries[5].Get<string>("token_id"));
        Assert.All(entries, entry =>
            Assert.DoesNotContain(alice.Token, entry.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Administrator_IsNamed_WhenItIsAUser()
    {
        var (root, bob) = (await fixture.World.UserAsync(), $"u{Guid.NewGuid():N}");
        using var admin = fixture.Service.Http();
        var issued = await ReadAsync(await admin.PostAsJsonAsync(
            $"api/users/{root.Name}/tokens", new { scopes = new[] { "admin" } }, _ct));
        using var http = fixture.Service.Http(issued.Get<string>("token"));
        (await http.PostAsJsonAsync("api/users", new { username = bob }, _ct)).EnsureSuccessStatusCode();

        var entries = await AuditLog.OfAsync(fixture.Service, bob);
        Assert.Equal([$"{root.Name} user.created {bob}"], entries.Select(AuditLog.Line));
    }

    [Fact]
    public async Task MembershipChanges_AreRecorded_AlsoThoseOfADeletedUser()
    {
        var world = fixture.World;
        var (alice, bob, carol) = (await world.UserAsync(), await world.UserAsync(), await world.UserAsync());
        var chatId = await world.ChatAsync(alice, bob);
        await world.AddAsync(alice, chatId, carol);
        await world.RemoveAsync(bob, chatId, bob);
        await Credentials.DeleteUserAsync(fixture.Service, alice.Name);
        await world.DeleteAsync(carol, chatId);

        var entries = await OfChatAsync(chatId, alice.Name, bob.Name, carol.Name);
        Assert.Equal(
            [
                $"{alice.Name} chat.created {alice.Name}",
                $"{alice.Name} chat.member_added {bob.Name}",
                $"{alice.Name} chat.member_added {carol.Name}",
                $"{bob.Name} chat.member_removed {bob.Name}",
                $"(administrator) chat.member_removed {alice.Name}",
                $"(administrator) chat.owner_changed {carol.Name}",
                $"{carol.Name} chat.deleted {carol.Name}",
            ],
            entries);
    }

    [Fact]
    public async Task RightChanges_AreRecorded_AlsoThoseOfADeletedUser()
    {
        var world = fixture.World;
        var (alice, bob) = (await world.UserAsync(), await world.UserAsync());
        var streamId = await world.StreamAsync(alice, bob);
        using (var http = fixture.Service.Http(alice.Token))
        {
            (await http.PutAsync($"api/streams/{streamId}/publishers/{bob.Name}", null, _ct)).EnsureSuccessStatusCode();
            (await http.DeleteAsync($"api/streams/{streamId}/viewers/{bob.Name}", _ct)).EnsureSuccessStatusCode();
        }

        await Credentials.DeleteUserAsync(fixture.Service, alice.Name);
        using (var http = fixture.Service.Http(bob.Token))
        {
            (await http.DeleteAsync($"api/streams/{streamId}", _ct)).EnsureSuccessStatusCode();
        }

        var entries = await OfAsync("stream_id", streamId, alice.Name, bob.Name);
        Assert.Equal(
            [
                $"{alice.Name} stream.created {alice.Name}",
                $"{alice.Name} stream.view_granted {alice.Name}",
                $"{alice.Name} stream.publish_granted {alice.Name}",
                $"{alice.Name} stream.view_granted {bob.Name}",
                $"{alice.Name} stream.publish_granted {bob.Name}",
                $"{alice.Name} stream.view_revoked {bob.Name}",
                $"(administrator) stream.view_revoked {alice.Name}",
                $"(administrator) stream.publish_revoked {alice.Name}",
                $"(administrator) stream.owner_changed {bob.Name}",
                $"{bob.Name} stream.deleted {bob.Name}",
            ],
            entries);
    }

    [Fact]
    public async Task RefusedChange_IsNotRecorded()
    {
        var (alice, bob) = (await fixture.World.UserAsync(), await fixture.World.UserAsync());
        var chatId = await fixture.World.ChatAsync(alice, bob);
        var before = await AuditLog.OfAsync(fixture.Service, bob.Name);
        using var http = fixture.Service.Http(bob.Token);
        HttpResponseMessage[] refused =
        [
            await http.DeleteAsync($"api/chats/{chatId}", _ct),
            await http.DeleteAsync($"api/chats/{chatId}/members/{alice.Name}", _ct),
            await http.DeleteAsync($"api/users/{alice.Name}", _ct),
            await http.PostAsJsonAsync($"api/users/{alice.Name}/tokens", new { }, _ct),
        ];

        Assert.All(refused, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Equal(before.Count, (await AuditLog.OfAsync(fixture.Service, bob.Name)).Count);
    }

    [Fact]
    public async Task Entries_AreTheAdministratorsAlone_AndPaged()
    {
        var alice = await fixture.World.UserAsync();
        using (var http = fixture.Service.Http(alice.Token))
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("api/audit", _ct)).StatusCode);
            Assert.Equal(
                HttpStatusCode.Forbidden, (await http.GetAsync($"api/audit?user={alice.Name}", _ct)).StatusCode);
        }

        using (var http = fixture.Service.Http("wrong"))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("api/audit", _ct)).StatusCode);
        }

        using var admin = fixture.Service.Http();
        foreach (var query in new[] { "after=-1", "after=x", "limit=0", "limit=1001", "user=a%20b", "user=" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await admin.GetAsync($"api/audit?{query}", _ct)).StatusCode);
        }

        Assert.Equal(
            (await AuditLog.OfAsync(fixture.Service, alice.Name)).Select(AuditLog.Line),
            (await AuditLog.OfAsync(fixture.Service, alice.Name, limit: 1)).Select(AuditLog.Line));
        var first = await admin.GetFromJsonAsync<JsonObject>("api/audit?limit=1", _ct);
        Golden.Equal(
            """
            {"entries":[{"id":"#id","at":"#time","actor":"(administrator)","action":"user.created","user":"#text"}],
             "has_more":true}
            """,
            first!);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer) =>
        (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(
            TestContext.Current.CancellationToken))!;

    private Task<List<string>> OfChatAsync(long chatId, params string[] users) => OfAsync("chat_id", chatId, users);

    /// <summary>Everything about one chat or stream, found by the users that it concerns.</summary>
    private async Task<List<string>> OfAsync(string field, long id, params string[] users)
    {
        var found = new SortedDictionary<long, string>();
        foreach (var user in users)
        {
            foreach (var entry in await AuditLog.OfAsync(fixture.Service, user))
            {
                if (entry[field]?.GetValue<long>() == id)
                {
                    found[entry.Get<long>("id")] = AuditLog.Line(entry);
                }
            }
        }

        return [.. found.Values];
    }
}
