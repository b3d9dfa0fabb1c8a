using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace NewLoom.Gateway.Authentication.Jwt;

/// <summary>Adds JSON Web Tokens, on ASP.NET Core's own JWT bearer authentication.</summary>
internal static class JwtHosting
{
    /// <summary>Under which ASP.NET Core keeps the options; nothing authenticates by the scheme itself, since tokens come
    /// in other places than its header too.</summary>
    public const string SchemeName = "newloom-jwt";

    /// <summary>How long an authority may take to answer.</summary>
    public static readonly TimeSpan AuthorityLimit = TimeSpan.FromSeconds(5);

    private static readonly string[] PublicKeyAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    /// <summary>Adds the verifier of JSON Web Tokens; they are off until configured.</summary>
    public static void AddNewLoomJwt(this AuthenticationBuilder authentication)
    {
        var services = authentication.Services;
        services.AddSingleton<IValidateOptions<JwtOptions>, JwtOptionsValidator>();
        services.AddOptionsWithValidateOnStart<JwtOptions>()
            .BindConfiguration(JwtOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true);
        authentication.AddJwtBearer(SchemeName, _ => { });
        services.AddOptions<JwtBearerOptions>(SchemeName)
            .Configure<IOptions<JwtOptions>, TimeProvider, ILogger<JwksFile>>(Configure);
        services.AddSingleton<JwtValidation>();
        services.AddSingleton<ITokenVerifier, JwtVerifier>();
    }

    private static void Configure(
        JwtBearerOptions bearer, IOptions<JwtOptions> options, TimeProvider time, ILogger<JwksFile> logger)
    {
        var jwt = options.Value;
        bearer.Authority = jwt.Authority;
        bearer.RequireHttpsMetadata = jwt.Authority?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ?? true;
        bearer.BackchannelTimeout = AuthorityLimit;
        bearer.RefreshInterval = TimeSpan.FromSeconds(30);
        bearer.MapInboundClaims = false;
        if (jwt.JwksFile is { } path)
        {
            bearer.ConfigurationManager = new JwksFile(path, logger);
        }

        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            // A secret among the keys that an authority publishes would be no secret.
            ValidAlgorithms =
                jwt.Authority is null ? [.. PublicKeyAlgorithms, SecurityAlgorithms.HmacSha256] : PublicKeyAlgorithms,
            IssuerSigningKeys = [.. jwt.Keys.Select(ConfiguredKeys.Read)],
            ValidateIssuer = jwt.Issuer is not null || jwt.Authority is not null,
            ValidIssuer = jwt.Issuer,
            ValidateAudience = jwt.Audience is not null,
            ValidAudience = jwt.Audience,
            LifetimeValidator = (notBefore, expires, _, _) => IsNow(notBefore, expires, time.GetUtcNow().UtcDateTime),
        };
    }

    /// <summary>To the second, on our clock; a token without an end is never valid.</summary>
    private static bool IsNow(DateTime? notBefore, DateTime? expires, DateTime now) =>
        (notBefore is null || notBefore <= now) && now < expires;
}
