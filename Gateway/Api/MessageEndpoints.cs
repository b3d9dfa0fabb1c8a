using Microsoft.AspNetCore.Http.HttpResults;
using NewLoom.Chats;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Limits;

namespace NewLoom.Gateway.Api;

/// <summary>Messages of a chat.</summary>
internal static class MessageEndpoints
{
    public static void Map(IEndpointRouteBuilder chats)
    {
        chats.MapGet("/{id}/messages", ReadAsync).WithName("listMessages")
            .WithSummary("Reads backwards: the newest messages below `before_seq`, in ascending order.");
        chats.MapPost("/{id}/messages", SendAsync).WithName("sendMessage")
            .WithSummary("Sends a message; 200 with the first one for a repeat of its `client_id`.")
            .WithProblems(StatusCodes.Status409Conflict, StatusCodes.Status429TooManyRequests);
    }

    private static async Task<Results<Ok<MessagesBody>, ProblemResult>> ReadAsync(
        long id, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken,
        long? before_seq = null, int limit = HistoryFrame.LimitDefault)
    {
        var problem = before_seq is { } seq ? WireId.FindProblem(seq, nameof(before_seq)) : null;
        problem ??= Paging.FindProblem(limit, HistoryFrame.LimitMax);
        if (problem is not null)
        {
            return Problems.Invalid(problem);
        }

        return await grains.GetGrain<IChatGrain>(id)
            .ReadHistoryAsync(context.GetIdentity().User, before_seq, limit, cancellationToken) is { } page
                ? TypedResults.Ok(new MessagesBody(id, [.. page.Messages.Select(MessageBody.Of)], page.HasMore))
                : Problems.NotAuthorizedForChat;
    }

    private static async Task<Results<Created<MessageBody>, Ok<MessageBody>, ProblemResult>> SendAsync(
        long id, NewMessageBody body, HttpContext context, IGrainFactory grains, MessageAllowances allowances,
        CancellationToken cancellationToken)
    {
        if (body.Content is not { } content)
        {
            return Problems.Invalid("content must be a string");
        }

        var user = context.GetIdentity().User;
        if (await allowances.TrySpendAsync(user, cancellationToken) is { } wait)
        {
            return Problems.RateLimited(wait);
        }

        var result = await grains.GetGrain<IChatGrain>(id).SendAsync(
            new MessageDraft { User = user, Content = content, ClientId = body.ClientId }, cancellationToken);
        return result switch
        {
            { Message: not { } } => Problems.Of(result.Refusal, result.Detail),
            { IsRepeat: true } => TypedResults.Ok(MessageBody.Of(result.Message)),
            _ => TypedResults.Created((string?)null, MessageBody.Of(result.Message)),
        };
    }
}
