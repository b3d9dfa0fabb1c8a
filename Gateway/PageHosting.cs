using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace NewLoom.Gateway;

/// <summary>Serves the chat page at <c>/</c>, out of this library.</summary>
internal static class PageHosting
{
    /// <summary>Puts the page's files into the pipeline.</summary>
    public static void UseNewLoomPage(this WebApplication app)
    {
        var files = new ManifestEmbeddedFileProvider(typeof(PageHosting).Assembly, "wwwroot");
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = SayHowLongToKeep });
    }

    /// <summary>Kept, but asked about each time: a page of one version must not load scripts of another. An address with
    /// a query may hold a token, and is not kept at all.</summary>
    private static void SayHowLongToKeep(StaticFileResponseContext context) =>
        context.Context.Response.Headers.CacheControl =
            context.Context.Request.QueryString.HasValue ? "no-store" : "no-cache";
}
