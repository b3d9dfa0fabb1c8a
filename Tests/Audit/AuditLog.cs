using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Audit;

/// <summary>The record of changes as an administrator reads it over HTTP.</summary>
internal static class AuditLog
{
    /// <summary>All entries about a user, page by page.</summary>
    public static async Task<List<JsonObject>> OfAsync(ServiceProcess service, string user, int limit = 1_000)
    {
        using var http = service.Http();
        var all = new List<JsonObject>();
        while (true)
        {
            var after = all.Count == 0 ? 0 : all[^1].Get<long>("id");
            var page = await http.GetFromJsonAsync<JsonObject>(
                $"api/audit?user={Uri.EscapeDataString(user)}&after={after}&limit={limit}",
                TestContext.Current.CancellationToken);
            var entries = page!["entries"]!.AsArray().Select(entry => entry!.AsObject()).ToList();
            Assert.InRange(entries.Count, 0, limit);
            all.AddRange(entries);
            if (!page.Get<bool>("has_more"))
            {
                return all;
            }
        }
    }

    /// <summary>Who did what to whom, without what differs from run to run.</summary>
    public static string Line(JsonObject entry) =>
        $"{entry.Get<string>("actor")} {entry.Get<string>("action")} {entry.Get<string>("user")}";
}
