using NewLoom.Chats;
using NewLoom.Grains.Storage;
using NewLoom.Users;

namespace NewLoom.Grains.Chats;

/// <summary>Changes of one chat's name, members and marks: persisted first, then told.</summary>
/// <param name="chat">The chat.</param>
/// <param name="teller">Tells its listeners.</param>
/// <param name="rules">What a chat may be.</param>
/// <param name="store">Where it is persisted.</param>
/// <param name="grains">The way to its members.</param>
/// <param name="endActivation">Lets the next activation read what is stored.</param>
internal sealed class ChatMembership(
    ChatState chat, ChatTeller teller, ChatRules rules, IChatStore store, IGrainFactory grains, Action endActivation)
{
    /// <summary>How many users' grains are told at once when a chat is deleted.</summary>
    private const int TellingCount = 32;

    private Task _last = Task.CompletedTask;

    public async Task MarkAsync(string user, MarkKind kind, long messageId, long seq)
    {
        if (chat.Moved(user, kind, seq) is not { } marks)
        {
            return;
        }

        await store.MoveMarksAsync(chat.ChatId, user, marks.DeliveredSeq, marks.ReadSeq);

        // Another call may have moved the marks further meanwhile.
        if (chat.Moved(user, kind, seq) is { } moved)
        {
            chat.SetMarks(user, moved.DeliveredSeq, moved.ReadSeq);
            await teller.MarkAsync(user, kind, messageId, seq);
        }
    }

    public Task<ChatOutcome> RenameAsync(string actor, string name) =>
        InTurnAsync(() => RenameInTurnAsync(actor, name));

    public Task<ChatOutcome> AddAsync(string actor, string user, CancellationToken cancellationToken) =>
        InTurnAsync(() => AddInTurnAsync(actor, user, cancellationToken));

    public Task<ChatOutcome> RemoveAsync(string actor, string user) =>
        InTurnAsync(() => RemoveInTurnAsync(actor, user));

    public Task ForgetAsync(string actor, string user) => InTurnAsync(() => TakeOutInTurnAsync(actor, user));

    public Task<ChatOutcome> DeleteAsync(string actor) => InTurnAsync(() => DeleteInTurnAsync(actor));

    /// <summary>One change after the other: the grain is reentrant, and each looks before it writes.</summary>
    private async Task<ChatOutcome> InTurnAsync(Func<Task<ChatOutcome>> change)
    {
        var before = _last;
        var done = new TaskCompletionSource();
        _last = done.Task;
        await before;    // never fails, and is bounded by the limits of storage and of calls
        try
        {
            return await change();
        }
        catch (StorageUnavailableException)
        {
            endActivation();    // the change may be stored all the same: the answer of the database was lost
            throw;
        }
        finally
        {
            done.SetResult();
        }
    }

    private async Task<ChatOutcome> RenameInTurnAsync(string actor, string name)
    {
        if (!IsOwner(actor))
        {
            return ChatOutcome.Refused(ChatRefusal.NotAuthorized);
        }

        if (ChatRules.RefuseName(name) is { } refused)
        {
            return refused;
        }

        await store.RenameAsync(chat.ChatId, name);
        chat.Name = name;
        return ChatOutcome.Done;
    }

    private async Task<ChatOutcome> AddInTurnAsync(string actor, string user, CancellationToken cancellationToken)
    {
        if (!IsOwner(actor))
        {
            return ChatOutcome.Refused(ChatRefusal.NotAuthorized);
        }

        if (chat.IsMember(user))
        {
            return ChatOutcome.Done;
        }

        var refused = rules.RefuseCount(chat.MemberCount + 1)
            ?? await rules.RefuseUnknownAsync([user], cancellationToken)
            ?? await rules.RefuseFullAsync([user], cancellationToken);
        if (refused is not null)
        {
            return refused;
        }

        await store.AddMemberAsync(actor, chat.ChatId, user);
        chat.Add(user);

        // Whoever asked for it may be gone; the membership is stored, and the user hears of it all the same.
        await SocketsOf(user).ChatAddedAsync(chat.ChatId, chat.Name, chat.LastSeq, CancellationToken.None);
        return ChatOutcome.Done;
    }

    private async Task<ChatOutcome> RemoveInTurnAsync(string actor, string user)
    {
        if (!IsOwner(actor) && actor != user)
        {
            return ChatOutcome.Refused(ChatRefusal.NotAuthorized);
        }

        return await TakeOutInTurnAsync(actor, user);
    }

    private async Task<ChatOutcome> TakeOutInTurnAsync(string actor, string user)
    {
        // Out of memory first: what the member sends from here on would be placed after the removal.
        if (chat.TakeOut(user) is not { } member)
        {
            return ChatOutcome.Done;
        }

        try
        {
            await PersistRemovalAsync(actor, user);
        }
        catch
        {
            chat.PutBack(user, member);
            throw;
        }

        await teller.RemovalAsync(user);
        await SocketsOf(user).ChatRemovedAsync(chat.ChatId);
        return ChatOutcome.Done;
    }

    private async Task<ChatOutcome> DeleteInTurnAsync(string actor)
    {
        if (!IsOwner(actor))
        {
            return ChatOutcome.Refused(ChatRefusal.NotAuthorized);
        }

        await store.DeleteAsync(actor, chat.ChatId);
        var members = chat.Members.ToList();
        members.ForEach(user => chat.TakeOut(user));
        await teller.RemovalAsync(user: null);
        foreach (var some in members.Chunk(TellingCount))
        {
            await Task.WhenAll(some.Select(user => SocketsOf(user).ChatRemovedAsync(chat.ChatId)));
        }

        return ChatOutcome.Done;
    }

    /// <summary>Asked in turn: the owner of a chat that was deleted or left meanwhile is nobody.</summary>
    private bool IsOwner(string user) => user == chat.Owner && chat.IsMember(user);

    private async Task PersistRemovalAsync(string actor, string user)
    {
        var newOwner = user == chat.Owner ? chat.Eldest() : null;
        if (newOwner is null && user == chat.Owner)
        {
            await store.DeleteAsync(actor, chat.ChatId);
            return;
        }

        await store.RemoveMemberAsync(actor, chat.ChatId, user, newOwner);
        chat.Owner = newOwner ?? chat.Owner;
    }

    private IUserSocketsGrain SocketsOf(string user) => grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(user));
}
