using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>Who may call which part of the HTTP API.</summary>
internal static class AccessPolicies
{
    /// <summary>A user.</summary>
    public const string User = "user";

    /// <summary>A user, with a credential for chats.</summary>
    public const string Chat = "chat";

    /// <summary>A user, with a credential for viewing streams.</summary>
    public const string StreamsView = "streams-view";

    /// <summary>A user, with a credential for reporting to streams.</summary>
    public const string StreamsPublish = "streams-publish";

    /// <summary>A user, with a credential for either.</summary>
    public const string Streams = "streams";

    /// <summary>Administrators.</summary>
    public const string Admin = "admin";

    /// <summary>Administrators, and the user that the route names.</summary>
    public const string AdminOrSelf = "admin-or-self";

    /// <summary>Adds the policies.</summary>
    public static void AddTo(AuthorizationOptions options)
    {
        options.DefaultPolicy = new AuthorizationPolicyBuilder(RequestAuthentication.SchemeName)
            .RequireAuthenticatedUser().Build();
        AddUsers(options, User, _ => true);
        AddUsers(options, Chat, identity => identity.Has(TokenScopes.Chat));
        AddUsers(options, StreamsView, identity => identity.Has(TokenScopes.StreamsView));
        AddUsers(options, StreamsPublish, identity => identity.Has(TokenScopes.StreamsPublish));
        AddUsers(options, Streams, identity =>
            identity.Has(TokenScopes.StreamsView) || identity.Has(TokenScopes.StreamsPublish));
        options.AddPolicy(Admin, policy => Require(policy, (identity, _) => identity.IsAdmin));
        options.AddPolicy(AdminOrSelf, policy => Require(policy, (identity, request) =>
            identity.IsAdmin || Equals(request.RouteValues["username"], identity.User)));
    }

    /// <summary>The identity of a request that a policy has let through.</summary>
    public static Identity GetIdentity(this HttpContext context) => context.Features.GetRequiredFeature<Identity>();

    private static void AddUsers(AuthorizationOptions options, string name, Func<Identity, bool> mayPass) =>
        options.AddPolicy(name, policy => Require(policy, (identity, _) =>
            identity.User.Length > 0 && mayPass(identity)));

    private static void Require(AuthorizationPolicyBuilder policy, Func<Identity, HttpRequest, bool> mayPass) =>
        policy.AddAuthenticationSchemes(RequestAuthentication.SchemeName)
            .RequireAuthenticatedUser()
            .RequireAssertion(context => context.Resource is HttpContext http
                && http.Features.Get<Identity>() is { } identity && mayPass(identity, http.Request));
}
