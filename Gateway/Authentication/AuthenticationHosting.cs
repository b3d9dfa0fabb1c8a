using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using NewLoom.Gateway.Authentication.Jwt;
using NewLoom.Gateway.Authentication.Keys;
using NewLoom.Gateway.Authentication.Sessions;
using NewLoom.Gateway.Limits;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Authentication;

/// <summary>Adds authentication of requests and sockets.</summary>
public static class AuthenticationHosting
{
    // URLs may hold tokens. The first writes each request's at Information, the second that of a malformed one at
    // Debug.
    private static readonly (string Category, LogLevel Level)[] UrlLogs =
    [
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning),
        ("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Information),
    ];

    /// <summary>Adds the credentials that NewLoom knows, in the order in which they are looked for.</summary>
    /// <remarks>Also keeps ASP.NET Core from logging URLs. Whatever else a host adds that logs queries (HTTP logging, a
    /// proxy) must leave <c>token</c> and <c>ticket</c> out itself.</remarks>
    public static IServiceCollection AddNewLoomAuthentication(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AdminTokenOptions>, AdminTokenOptionsValidator>();
        services.AddOptionsWithValidateOnStart<AdminTokenOptions>().BindConfiguration(AdminTokenOptions.SectionName);
        services.PostConfigure<LoggerFilterOptions>(KeepUrlsOut);

        services.AddNewLoomSecurity();
        services.AddSingleton<ITokenVerifier, AdminToken>();
        services.AddSingleton<ITokenVerifier, IssuedTokenVerifier>();
        services.AddSingleton<TokenAuthenticator>();
        services.AddSingleton<ICredentialSource, QueryTokenSource>();
        services.AddSingleton<ICredentialSource, TicketSource>();
        services.AddSingleton<ICredentialSource, BearerTokenSource>();
        services.AddSingleton<ICredentialSource, SessionCookieSource>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<ICredentialCheck, IssuedCredentialCheck>();
        services.AddSingleton<CredentialChecks>();
        services.AddSingleton<EndedCredentials>();

        services.AddSharedKeys();
        services.AddSingleton<BrowserSessions>();
        services.AddOriginRules();
        services.AddOptionsWithValidateOnStart<AddressLimitOptions, AddressLimitOptionsValidator>()
            .BindConfiguration(AddressLimitOptions.SectionName);
        services.AddSingleton<AddressLimits>();
        services.AddSingleton<BlockedAddresses>();
        services.AddRateLimiter(limiter => limiter.OnRejected = BlockedAddresses.RefuseAsync);
        services.AddOptions<RateLimiterOptions>().Configure<BlockedAddresses>(
            (limiter, blocked) => limiter.GlobalLimiter = blocked);

        services.AddAuthentication(RequestAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, RequestAuthentication>(RequestAuthentication.SchemeName, null)
            .AddCookie(SessionCookie.SchemeName, SessionCookie.Configure)
            .AddNewLoomJwt();
        services.AddAuthorization(AccessPolicies.AddTo);
        services.RemoveEarlyRead();
        return services;
    }

    /// <summary>Comes after all rules: a rule for one log provider beats those for all, so each provider gets its
    /// own.</summary>
    private static void KeepUrlsOut(LoggerFilterOptions filters)
    {
        foreach (var provider in filters.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToList())
        {
            foreach (var (category, level) in UrlLogs)
            {
                filters.Rules.Add(new LoggerFilterRule(provider, category, level, filter: null));
            }
        }
    }
}
