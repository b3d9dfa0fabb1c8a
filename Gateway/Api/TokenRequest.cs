using System.Collections.Immutable;
using NewLoom.Gateway.Authentication;
using NewLoom.Users;

namespace NewLoom.Gateway.Api;

/// <summary>A token that the caller may issue.</summary>
internal readonly record struct TokenRequest(TimeSpan Lifetime, ImmutableArray<string> Scopes)
{
    /// <summary>The longest lifetime, in seconds: ten years.</summary>
    public const long ExpiresInMax = 315_360_000;

    private const string ScopesRule = "scopes must hold one or more of chat, streams:view, streams:publish, admin";
    private const long ExpiresInDefault = 2_592_000;

    /// <summary>Reads the body, or says what is wrong with it. Nobody gives what it does not have itself;
    /// administrators have everything.</summary>
    public static (TokenRequest Request, ProblemResult? Problem) Read(NewTokenBody body, Identity caller)
    {
        var expiresIn = body.ExpiresIn ?? ExpiresInDefault;
        if (expiresIn is < 1 or > ExpiresInMax)
        {
            return (default, Problems.Invalid($"expires_in must be an integer from 1 to {ExpiresInMax}"));
        }

        var scopes = body.Scopes ?? [.. TokenScopes.Usual.Where(scope => MayGive(caller, scope))];
        if (scopes.Length == 0 || scopes.Any(scope => scope is null || !TokenScopes.IsKnown(scope)))
        {
            return (default, Problems.Invalid(ScopesRule));
        }

        return scopes.All(scope => MayGive(caller, scope))
            ? (new TokenRequest(TimeSpan.FromSeconds(expiresIn), [.. scopes]), null)
            : (default, Problems.NotAuthorized);
    }

    private static bool MayGive(Identity caller, string scope) => caller.IsAdmin || caller.Has(scope);
}
