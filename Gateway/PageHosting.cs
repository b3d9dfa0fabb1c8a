using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace NewLoom.Gateway;

/// <summary>Serves the chat page at <c>/</c>, out of this library.</summary>
internal static class PageHosting
{
    /// <summary>Puts the page's files into the pipeline.</summary>
    public static void UseNewLoomPage(this WebApplication app)
    {
        var files = new ManifestEmbeddedFileProvider(typeof(PageHosting).Assembly, "wwwroot");
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            OnPrepareResponse = context => AddHeaders(context.Context.Response.Headers),
        });
    }

    private static void AddHeaders(IHeaderDictionary headers)
    {
        // Nothing but the page's own files runs, and nothing but its own origin is spoken to.
        headers[HeaderNames.ContentSecurityPolicy] = "default-src 'self'";
        headers[HeaderNames.XContentTypeOptions] = "nosniff";

        // Kept, but asked about each time: a page of one version must not load scripts of another.
        headers[HeaderNames.CacheControl] = "no-cache";
    }
}
