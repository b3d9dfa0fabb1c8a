using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Authentication;

/// <summary>Adds the rules for pages of other origins.</summary>
internal static class OriginHosting
{
    /// <summary>Adds the rules, and CORS for the listed origins.</summary>
    public static IServiceCollection AddOriginRules(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<OriginOptions>, OriginOptionsValidator>();
        services.AddOptionsWithValidateOnStart<OriginOptions>().BindConfiguration(OriginOptions.SectionName);
        services.TryAddSingleton<SecurityEvents>();
        services.AddSingleton<OriginRules>();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<OriginOptions>>((cors, origins) =>
            cors.AddDefaultPolicy(policy => policy
                .WithOrigins([.. origins.Value.AllowedOrigins])
                .AllowAnyHeader()
                .AllowAnyMethod()
                .AllowCredentials()
                .WithExposedHeaders(HeaderNames.Location, HeaderNames.RetryAfter)));
        return services;
    }

    /// <summary>Lets pages of listed origins in, and refuses what others try with their visitor's cookie.</summary>
    public static void UseOriginRules(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<OriginOptions>>().Value.AllowedOrigins.Count > 0)
        {
            app.UseCors();
        }

        var rules = app.Services.GetRequiredService<OriginRules>();
        app.Use((context, next) =>
            rules.AdmitsCall(context) ? next(context) : rules.Refuse(context).ExecuteAsync(context));
    }
}
