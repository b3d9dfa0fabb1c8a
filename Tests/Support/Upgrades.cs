namespace NewLoom.Tests.Support;

/// <summary>WebSocket handshakes whose answer is an HTTP answer.</summary>
internal static class Upgrades
{
    /// <summary>Asks for an upgrade.</summary>
    /// <param name="http">Who asks; it should keep no cookies.</param>
    /// <param name="path">The path, with its query.</param>
    /// <param name="headers">More headers; a null one is left out.</param>
    public static async Task<HttpResponseMessage> AskForUpgradeAsync(
        this HttpClient http, string path, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16]));
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        return await http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
