using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace NewLoom.Gateway.Api;

/// <summary>What the OpenAPI document says beside the endpoints.</summary>
internal static class OpenApiDescription
{
    private const string BearerScheme = "bearer";

    /// <summary>Sets title, version and the way to authenticate.</summary>
    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "NewLoom",
                Version = "v1",
                Description = "Users, tokens, chats, messages and streams. Every error is a problem with a code.",
            };
            document.Servers = [];    // the one that it was read from
            document.AddComponent(BearerScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = BearerScheme,
                Description = "A token that was issued by this service.",
            });
            document.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] },
            ];
            return Task.CompletedTask;
        });
    }
}
