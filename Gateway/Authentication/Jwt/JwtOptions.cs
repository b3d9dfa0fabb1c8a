using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Authentication.Jwt;

/// <summary>JSON Web Tokens that somebody else issues. Bound from <c>NewLoom:Authentication:Jwt</c>; off unless keys come
/// from one of <see cref="Authority"/>, <see cref="JwksFile"/> and <see cref="Keys"/>.</summary>
public sealed class JwtOptions
{
    /// <summary>Where these options are configured.</summary>
    public const string SectionName = "NewLoom:Authentication:Jwt";

    /// <summary>The address of an OpenID provider, which tells its keys and its name. HTTPS, but on loopback.
    /// (default: none)</summary>
    public string? Authority { get; set; }

    /// <summary>A file with a JWK set (RFC 7517), read again whenever it changes. (default: none)</summary>
    public string? JwksFile { get; set; }

    /// <summary>Keys that stay the same until the next start. (default: none)</summary>
    public JwtKeyOptions[] Keys { get; set; } = [];

    /// <summary>What <c>iss</c> must be. (default: what the authority calls itself; not looked at without
    /// one)</summary>
    public string? Issuer { get; set; }

    /// <summary>What <c>aud</c> must be or hold; must be set with <see cref="Authority"/>, which issues for others too.
    /// (default: not looked at)</summary>
    public string? Audience { get; set; }

    /// <summary>How many places keys come from; one at most.</summary>
    internal int SourceCount =>
        (Authority is null ? 0 : 1) + (JwksFile is null ? 0 : 1) + (Keys.Length == 0 ? 0 : 1);
}

/// <summary>One key: a secret for HS256, or a public key for RS256 or ES256, whichever its kind is.</summary>
public sealed class JwtKeyOptions
{
    /// <summary>A secret that the issuer shares; its bytes in UTF-8 are the key, at least 32.</summary>
    public string? Secret { get; set; }

    /// <summary>A public key in PEM: RSA of at least 2,048 bits, or the curve P-256.</summary>
    public string? PublicKey { get; set; }
}

internal sealed class JwtOptionsValidator : IValidateOptions<JwtOptions>
{
    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        var problems = FindProblems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> FindProblems(JwtOptions options)
    {
        (string Name, string? Value)[] texts =
        [
            (nameof(options.Authority), options.Authority), (nameof(options.JwksFile), options.JwksFile),
            (nameof(options.Issuer), options.Issuer), (nameof(options.Audience), options.Audience),
        ];
        var blank = texts.Where(text => text.Value is not null && string.IsNullOrWhiteSpace(text.Value)).ToList();
        if (blank.Count > 0)
        {
            return blank.Select(text => $"{text.Name} must hold a value, or be left out.");
        }

        return options.SourceCount switch
        {
            0 => FindProblemsWithoutKeys(options),
            1 => FindProblemsOfSource(options),
            _ => ["Authority, JwksFile and Keys exclude each other: only one of them may be set."],
        };
    }

    private static IEnumerable<string> FindProblemsWithoutKeys(JwtOptions options) =>
        options.Issuer is null && options.Audience is null
            ? []
            : [$"{(options.Issuer is null ? "Audience" : "Issuer")} needs one of Authority, JwksFile and Keys beside it."];

    private static IEnumerable<string> FindProblemsOfSource(JwtOptions options)
    {
        if (options.Authority is { } authority)
        {
            if (!IsSafe(authority))
            {
                yield return "Authority must be an https address without a query; http is for loopback alone.";
            }

            if (options.Audience is null)
            {
                yield return "Audience must be set beside Authority: tokens for other services would pass.";
            }
        }

        if (options.JwksFile is { } path && Jwt.JwksFile.FindProblem(path) is { } fileProblem)
        {
            yield return $"JwksFile {fileProblem}";
        }

        for (var i = 0; i < options.Keys.Length; i++)
        {
            if (ConfiguredKeys.FindProblem(options.Keys[i]) is { } keyProblem)
            {
                yield return $"Keys:{i}:{keyProblem}";
            }
        }
    }

    private static bool IsSafe(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var uri)
        && uri is { Query: "", Fragment: "", UserInfo: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}
