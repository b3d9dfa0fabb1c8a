using System.Collections.Immutable;
using Microsoft.IdentityModel.JsonWebTokens;
using NewLoom.Users;

namespace NewLoom.Gateway.Authentication.Jwt;

/// <summary>What a JSON Web Token may be used for.</summary>
internal static class JwtScopes
{
    // RFC 8693 §4.2; some issuers say scp, and some write lists.
    private static readonly string[] ClaimNames = ["scope", "scp"];

    /// <summary>Those that its claim names and we know; the usual ones when it has no such claim.</summary>
    public static ImmutableArray<string> Of(JsonWebToken jwt)
    {
        var name = ClaimNames.FirstOrDefault(name => jwt.TryGetPayloadValue<object>(name, out _));
        return name is null
            ? TokenScopes.Usual
            :
            [
                .. jwt.Claims.Where(claim => claim.Type == name).SelectMany(claim => claim.Value.Split(' '))
                    .Where(TokenScopes.IsKnown).Distinct(),
            ];
    }
}
