using Microsoft.Extensions.DependencyInjection.Extensions;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Limits;

namespace NewLoom.Gateway.Api;

/// <summary>Adds the HTTP API and its description at <c>/openapi/v1.json</c>.</summary>
public static class ApiHosting
{
    private const string DocumentName = "v1";

    /// <summary>Adds what the API needs beside <see cref="AuthenticationHosting.AddNewLoomAuthentication"/> and an
    /// <see cref="IGrainFactory"/>.</summary>
    public static IServiceCollection AddNewLoomApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MessageAllowances>();
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);    // to be answered below
        services.AddExceptionHandler<ApiExceptionHandler>();
        services.AddOpenApi(DocumentName, OpenApiDescription.Configure);
        return services;
    }

    /// <summary>Maps the API, and answers every error of this host that has no body yet with problem details.</summary>
    /// <remarks>Adds the middleware for errors, authentication and authorization where it is called.</remarks>
    public static WebApplication MapNewLoomApi(this WebApplication app)
    {
        app.UseExceptionHandler(_ => { });    // the services hold the handler
        app.UseStatusCodePages(context =>
            Problems.OfStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        app.UseOriginRules();    // first, so that a listed page can read every answer
        app.UseRateLimiter();    // before anything is verified
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapOpenApi().DisableRateLimiting();
        var api = app.MapGroup("").WithCommonProblems();
        api.AddEndpointFilter<RouteGroupBuilder, ApiRefusals>();
        UserEndpoints.Map(api);
        TokenEndpoints.Map(api);
        SessionEndpoints.Map(api);
        AuditEndpoints.Map(api);
        TicketEndpoints.Map(api);

        var chats = api.MapGroup("/api/chats").RequireAuthorization(AccessPolicies.Chat);
        chats.AddEndpointFilter(EndpointConventions.RefuseWrongIdAsync);
        ChatEndpoints.Map(chats.MapGroup("").WithTags("Chats"));
        MemberEndpoints.Map(chats.MapGroup("").WithTags("Members"));
        MessageEndpoints.Map(chats.MapGroup("").WithTags("Messages"));

        MapStreams(api);
        return app;
    }

    private static void MapStreams(RouteGroupBuilder api)
    {
        var streams = api.MapGroup("/api/streams");
        streams.AddEndpointFilter(EndpointConventions.RefuseWrongIdAsync);
        StreamEndpoints.Map(streams.MapGroup("").WithTags("Streams").RequireAuthorization(AccessPolicies.Streams));
        StreamRightEndpoints.Map(
            streams.MapGroup("").WithTags("Stream rights").RequireAuthorization(AccessPolicies.Streams));
        ReportEndpoints.Map(
            streams.MapGroup("").WithTags("Reports").RequireAuthorization(AccessPolicies.StreamsPublish));
        ExecutionEndpoints.Map(
            streams.MapGroup("").WithTags("Executions").RequireAuthorization(AccessPolicies.StreamsView));
    }
}
