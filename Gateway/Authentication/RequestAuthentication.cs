using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NewLoom.Gateway.Api;
using NewLoom.Gateway.Authentication.Jwt;
using NewLoom.Gateway.Limits;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Authentication;

/// <summary>The <see cref="Authenticator"/> as ASP.NET Core asks it, with problem details for refusals.</summary>
internal sealed class RequestAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Authenticator authenticator,
    AddressLimits limits,
    SecurityEvents events) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "NewLoom";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // A blocked address gets this far where the rate limiter does not look, and is nobody there.
        var address = Context.Connection.RemoteIpAddress;
        if (!authenticator.HasCredential(Context) || limits.FindBlock(address) is not null)
        {
            return AuthenticateResult.NoResult();
        }

        var identity = await AuthenticateAsync(address);
        if (identity is null)
        {
            limits.CountFailure(address);
            return AuthenticateResult.Fail("The credential is unknown, expired or revoked.");
        }

        if (identity == Identity.Nobody)
        {
            return AuthenticateResult.NoResult();
        }

        Context.Features.Set(identity);
        var claims = new ClaimsIdentity([new Claim(ClaimTypes.Name, identity.User)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(claims), SchemeName));
    }

    private async Task<Identity?> AuthenticateAsync(IPAddress? address)
    {
        try
        {
            return await authenticator.AuthenticateAsync(Context, Context.RequestAborted);
        }
        catch (AuthorityUnavailableException e)
        {
            limits.CountGuess(e, address);
            throw;
        }
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        events.Refused(RefusalKind.AuthenticationFailed, user: null, Context.Connection.RemoteIpAddress);
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.AuthenticationFailed.ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        events.Refused(
            RefusalKind.PermissionDenied, Context.Features.Get<Identity>()?.User, Context.Connection.RemoteIpAddress);
        return Problems.NotAuthorized.ExecuteAsync(Context);
    }
}
