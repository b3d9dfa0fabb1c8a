using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace NewLoom.Gateway.Authentication.Jwt;

/// <summary>Says whether a JSON Web Token was signed by whom we trust, for us, and is valid now.</summary>
internal sealed class JwtValidation(IOptionsMonitor<JwtBearerOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _refreshedAt;

    /// <summary>The token, or null when it is none, or not valid.</summary>
    /// <exception cref="AuthorityUnavailableException">The authority's keys are not known yet.</exception>
    public async Task<JsonWebToken?> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        var bearer = options.Get(JwtHosting.SchemeName);
        var handler = (JsonWebTokenHandler)bearer.TokenHandlers.Single();
        if (Read(handler, token) is not { } jwt
            || !bearer.TokenValidationParameters.ValidAlgorithms.Contains(jwt.Alg)
            || jwt.TryGetHeaderValue<JsonElement>("crit", out _))    // RFC 7515 §4.1.11: we know no extensions
        {
            return null;    // not worth asking an authority for
        }

        var result = await handler.ValidateTokenAsync(jwt, await ParametersAsync(bearer, cancellationToken));
        if (bearer.Authority is not null && result.Exception is SecurityTokenSignatureKeyNotFoundException
            && IsRefreshing(bearer))
        {
            throw new AuthorityUnavailableException("A token's key is not known; the authority is asked for new ones.")
            {
                IsUnknownKey = true,
            };
        }

        return result.IsValid ? jwt : null;
    }

    private static JsonWebToken? Read(JsonWebTokenHandler handler, string token)
    {
        try
        {
            return handler.ReadJsonWebToken(token);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or JsonException or FormatException)
        {
            return null;
        }
    }

    private static async Task<TokenValidationParameters> ParametersAsync(
        JwtBearerOptions bearer, CancellationToken cancellationToken)
    {
        var parameters = bearer.TokenValidationParameters.Clone();
        if (bearer.ConfigurationManager is not null)
        {
            var known = await KnownAsync(bearer, cancellationToken);
            parameters.IssuerSigningKeys = known.SigningKeys.Where(UsableKeys.Has);
            parameters.ValidIssuer ??= known.Issuer;
        }

        return parameters;
    }

    private static async Task<OpenIdConnectConfiguration> KnownAsync(
        JwtBearerOptions bearer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(JwtHosting.AuthorityLimit);
        try
        {
            return await bearer.ConfigurationManager!.GetConfigurationAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (InvalidOperationException e)
        {
            throw new AuthorityUnavailableException("The authority cannot be asked for its keys.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AuthorityUnavailableException("The authority does not answer.", e);
        }
    }

    /// <summary>Asks the authority for its keys in the background, if that was long enough ago, and says whether they may
    /// arrive soon: a client with a token of a new key should come again rather than be refused.</summary>
    private bool IsRefreshing(JwtBearerOptions bearer)
    {
        lock (_lock)
        {
            if (_refreshedAt is null || time.GetElapsedTime(_refreshedAt.Value) >= bearer.RefreshInterval)
            {
                bearer.ConfigurationManager!.RequestRefresh();
                _refreshedAt = time.GetTimestamp();
            }

            return time.GetElapsedTime(_refreshedAt.Value) < JwtHosting.AuthorityLimit;
        }
    }
}
