using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Authentication;

/// <summary>Adds authentication of requests and sockets.</summary>
public static class AuthenticationHosting
{
    // Writes each request's URL at Information, and URLs may hold tokens.
    private const string UrlLogCategory = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>Adds the credentials that NewLoom knows, in the order in which they are looked for.</summary>
    /// <remarks>Also keeps ASP.NET Core from logging URLs. Whatever else a host adds that logs queries (HTTP logging, a
    /// proxy) must leave <c>token</c> and <c>ticket</c> out itself.</remarks>
    public static IServiceCollection AddNewLoomAuthentication(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AdminTokenOptions>, AdminTokenOptionsValidator>();
        services.AddOptionsWithValidateOnStart<AdminTokenOptions>().BindConfiguration(AdminTokenOptions.SectionName);
        services.AddLogging(logging => logging.AddFilter(UrlLogCategory, LogLevel.Warning));

        services.AddSingleton<ITokenVerifier, AdminToken>();
        services.AddSingleton<ITokenVerifier, IssuedTokenVerifier>();
        services.AddSingleton<TokenAuthenticator>();
        services.AddSingleton<ICredentialSource, QueryTokenSource>();
        services.AddSingleton<ICredentialSource, BearerTokenSource>();
        services.AddSingleton<Authenticator>();

        services.AddAuthentication(RequestAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, RequestAuthentication>(RequestAuthentication.SchemeName, null);
        services.AddAuthorization(AccessPolicies.AddTo);
        return services;
    }
}
