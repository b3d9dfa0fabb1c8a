using NewLoom.Audit;
using NewLoom.Chats;
using NewLoom.Gateways;
using NewLoom.Users;

namespace NewLoom.Tests.Users;

[Collection<SharedUsers>]
public sealed class UserChatsGrainTests(UsersCluster cluster)
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly string _owner = Guid.NewGuid().ToString("N");
    private readonly string _member = Guid.NewGuid().ToString("N");

    private IUserChatsGrain Chats => cluster.Grains.GetGrain<IUserChatsGrain>(UserKeys.ForUser(_owner));

    [Fact]
    public async Task Chat_HasEachMemberOnce_WhenCreated()
    {
        await CreateUserAsync(_member);
        var created = await Chats.CreateAsync("one", [_member, _owner, _member], _ct);
        Assert.Equal(ChatRefusal.None, created.Refusal);

        var chat = Assert.Single(await Chats.ListAsync(0, 10, _ct));
        Assert.Equal((created.ChatId, "one", _owner, 2), (chat.ChatId, chat.Name, chat.Owner, chat.MemberCount));
    }

    [Fact]
    public async Task Members_AreTold_WhenAChatIsCreated()
    {
        await CreateUserAsync(_member);
        var gatewayId = Guid.NewGuid().ToString();
        await cluster.Grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(_member)).OpenAsync(gatewayId, "s", _ct);
        var created = await Chats.CreateAsync("two", [_member], _ct);

        GatewayEvent expected = new ChatAdded { User = _member, ChatId = created.ChatId, Name = "two", Seq = 0 };
        Assert.Equal(expected, await cluster.Publisher.NextAsync(gatewayId, _ct));
    }

    [Fact]
    public async Task Chat_IsRefused_WhenAMemberIsUnknown()
    {
        var refused = await Chats.CreateAsync("three", [_member], _ct);
        Assert.Equal(ChatRefusal.Invalid, refused.Refusal);
        Assert.Contains(_member, refused.Detail);
        Assert.Empty(await Chats.ListAsync(0, 10, _ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    [InlineData(null)]
    public async Task Chat_IsRefused_WhenItsNameIsWrong(string? name)
    {
        var refused = await Chats.CreateAsync(name ?? new string('x', 201), [], _ct);
        Assert.Equal(ChatRefusal.Invalid, refused.Refusal);
    }

    [Fact]
    public async Task List_IsPaged_FromBehindTheLastId()
    {
        for (var i = 0; i < 3; i++)
        {
            await Chats.CreateAsync(new string('x', 200), [], _ct);
        }

        var first = await Chats.ListAsync(0, 2, _ct);
        var second = await Chats.ListAsync(first[^1].ChatId, 2, _ct);
        Assert.Equal((2, 1), (first.Length, second.Length));
    }

    private Task<bool> CreateUserAsync(string name) =>
        cluster.Grains.GetGrain<IUserGrain>(UserKeys.ForUser(name)).CreateAsync(Actor.Administrator, _ct);
}
