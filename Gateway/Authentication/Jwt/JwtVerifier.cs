using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using NewLoom.Users;

namespace NewLoom.Gateway.Authentication.Jwt;

/// <summary>JSON Web Tokens (RFC 7519) of a trusted issuer, for users that exist here.</summary>
internal sealed class JwtVerifier(IOptions<JwtOptions> options, JwtValidation validation, IGrainFactory grains)
    : ITokenVerifier
{
    /// <summary>Longer ones are refused unread.</summary>
    public const int LengthMax = 8 * 1_024;

    private const int DotCount = 2;    // RFC 7515 §7.1: header, payload, signature

    private readonly bool _isOn = options.Value.SourceCount > 0;

    public async Task<Identity?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (!_isOn || token.Length > LengthMax || token.AsSpan().Count('.') != DotCount
            || await validation.ValidateAsync(token, cancellationToken) is not { } jwt)
        {
            return null;
        }

        var scopes = JwtScopes.Of(jwt);
        return !scopes.IsEmpty && await IsUserAsync(jwt.Subject, cancellationToken)
            ? new Identity(jwt.Subject, ExpiryOf(jwt), scopes) { Handle = CredentialHandle.OfUser(jwt.Subject) }
            : null;
    }

    private async Task<bool> IsUserAsync(string? subject, CancellationToken cancellationToken) =>
        subject is not null && Username.IsValid(subject)
        && await grains.GetGrain<IUserGrain>(UserKeys.ForUser(subject)).GetCreatedAtAsync(cancellationToken) is not null;

    private static DateTimeOffset ExpiryOf(JsonWebToken jwt) => new(jwt.ValidTo, TimeSpan.Zero);
}
