using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

/// <summary>Reads a chat's whole history over HTTP.</summary>
internal static class History
{
    private const int PageCount = 200;

    /// <summary>All messages, ascending.</summary>
    public static async Task<List<ToldMessage>> ReadAsync(ServiceProcess service, string token, long chatId)
    {
        using var http = service.Http(token);
        var pages = new List<IEnumerable<ToldMessage>>();
        for (var before = ""; ;)
        {
            var page = await http.GetFromJsonAsync<JsonObject>(
                $"api/chats/{chatId}/messages?limit={PageCount}{before}", TestContext.Current.CancellationToken);
            var messages = page!["messages"]!.AsArray().Select(item => ToldMessage.Of(item!)).ToList();
            pages.Insert(0, messages);
            if (!page["has_more"]!.GetValue<bool>())
            {
                return [.. pages.SelectMany(messages => messages)];
            }

            before = $"&before_seq={messages[0].Seq}";
        }
    }
}
