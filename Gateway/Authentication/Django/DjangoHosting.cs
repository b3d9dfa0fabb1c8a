using Microsoft.Extensions.Options;

namespace NewLoom.Gateway.Authentication.Django;

/// <summary>Adds the credentials of an existing Django application.</summary>
internal static class DjangoHosting
{
    /// <summary>Adds them, after those that NewLoom knows itself, when <see cref="DjangoOptions"/> are
    /// configured.</summary>
    public static void AddDjangoAuthentication(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(DjangoOptions.SectionName);
        if (!section.Exists())
        {
            return;
        }

        var services = builder.Services;
        services.AddSingleton<IValidateOptions<DjangoOptions>, DjangoOptionsValidator>();
        services.AddOptionsWithValidateOnStart<DjangoOptions>()
            .Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddSingleton<IDjangoDatabase>(provider =>
            provider.GetRequiredService<IOptions<DjangoOptions>>().Value.IsSqlite
                ? ActivatorUtilities.CreateInstance<SqliteDjango>(provider)
                : ActivatorUtilities.CreateInstance<PostgreSqlDjango>(provider));
        services.AddSingleton<DjangoTables>();
        services.AddSingleton<DjangoSigner>();
        services.AddSingleton<DjangoSessions>();
        services.AddSingleton<DjangoTokens>();
        services.AddSingleton<DjangoUsers>();
        services.AddSingleton<DjangoTokenVerifier>();
        services.AddSingleton<ITokenVerifier>(provider => provider.GetRequiredService<DjangoTokenVerifier>());
        services.AddSingleton<ICredentialSource, DjangoTokenSource>();
        services.AddSingleton<ICredentialSource, DjangoSessionSource>();
        services.AddSingleton<ICredentialCheck>(provider => new DjangoCheck(
            DjangoCheck.SessionKind, provider.GetRequiredService<DjangoSessions>().FindAsync));
        services.AddSingleton<ICredentialCheck>(provider => new DjangoCheck(
            DjangoCheck.TokenKind, provider.GetRequiredService<DjangoTokens>().FindAsync));
    }
}
