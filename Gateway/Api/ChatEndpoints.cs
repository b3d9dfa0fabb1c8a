using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Chats;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Users;

namespace NewLoom.Gateway.Api;

/// <summary>Chats.</summary>
internal static class ChatEndpoints
{
    private const int ShownMemberCount = 1_000;

    public static void Map(IEndpointRouteBuilder chats)
    {
        chats.MapPost("", CreateAsync).WithName("createChat").WithSummary("Creates a chat that the caller owns.")
            .WithProblems(StatusCodes.Status409Conflict);
        chats.MapGet("", ListAsync).WithName("listChats")
            .WithSummary("Lists the caller's chats, ascending by id, from behind `after`.");
        chats.MapGet("/{id}", GetAsync).WithName("getChat").WithSummary("Shows a chat and its first 1,000 members.");
        chats.MapPatch("/{id}", RenameAsync).WithName("renameChat").WithSummary("Renames a chat; the owner's right.");
        chats.MapDelete("/{id}", DeleteAsync).WithName("deleteChat")
            .WithSummary("Deletes a chat with its messages; the owner's right.");
    }

    private static async Task<Results<Created<CreatedChatBody>, ProblemResult>> CreateAsync(
        NewChatBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var members = body.Members ?? [];
        if (body.Name is not { } name || Array.Exists(members, member => member is null))
        {
            return Problems.Invalid("name must be a string, and members a list of strings");
        }

        var result = await grains.GetGrain<IUserChatsGrain>(UserKeys.ForUser(context.GetIdentity().User))
            .CreateAsync(name, [.. members!], cancellationToken);
        return result.Refusal == ChatRefusal.None
            ? TypedResults.Created($"/api/chats/{result.ChatId}", new CreatedChatBody(result.ChatId))
            : Problems.Of(result.Refusal, result.Detail);
    }

    private static async Task<Results<Ok<ChatsBody>, ProblemResult>> ListAsync(
        HttpContext context, IGrainFactory grains, CancellationToken cancellationToken,
        long after = 0, int limit = Paging.DefaultCount)
    {
        if ((WireId.FindCursorProblem(after, "after") ?? Paging.FindProblem(limit)) is { } problem)
        {
            return Problems.Invalid(problem);
        }

        var chats = await grains.GetGrain<IUserChatsGrain>(UserKeys.ForUser(context.GetIdentity().User))
            .ListAsync(after, limit + 1, cancellationToken);
        return TypedResults.Ok(new ChatsBody([.. chats.Take(limit).Select(ChatBody.Of)], chats.Length > limit));
    }

    private static async Task<Results<Ok<ChatBody>, ProblemResult>> GetAsync(
        long id, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var user = context.GetIdentity().User;
        var chat = grains.GetGrain<IChatMembersGrain>(id);
        if (await chat.GetAsync(user, cancellationToken) is not { } info
            || await chat.ListAsync(user, null, ShownMemberCount, cancellationToken) is not { } members)
        {
            return Problems.NotAuthorizedForChat;
        }

        return TypedResults.Ok(ChatBody.Of(info) with { Members = members });
    }

    private static async Task<Results<Ok<ChatBody>, ProblemResult>> RenameAsync(
        long id, ChatChangeBody body, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (body.Name is not { } name)
        {
            return Problems.Invalid("name must be a string");
        }

        var outcome = await grains.GetGrain<IChatMembersGrain>(id)
            .RenameAsync(context.GetIdentity().User, name, cancellationToken);
        return outcome.Refusal == ChatRefusal.None
            ? await GetAsync(id, context, grains, cancellationToken)
            : Problems.Of(outcome.Refusal, outcome.Detail);
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(
        long id, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var outcome = await grains.GetGrain<IChatMembersGrain>(id)
            .DeleteAsync(context.GetIdentity().User, cancellationToken);
        return outcome.Refusal == ChatRefusal.None
            ? TypedResults.NoContent()
            : Problems.Of(outcome.Refusal, outcome.Detail);
    }
}
