using System.Net;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Operations;

/// <summary>What a process says of itself.</summary>
internal static class Health
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<HttpStatusCode> LiveAsync(ServiceProcess process)
    {
        using var http = process.Http();
        using var answer = await http.GetAsync(new Uri("healthz/live", UriKind.Relative), Ct);
        return answer.StatusCode;
    }

    /// <returns>Why it is not ready.</returns>
    public static async Task<string> NotReadyAsync(ServiceProcess process)
    {
        using var http = process.Http();
        using var answer = await http.GetAsync(new Uri("healthz/ready", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    /// <summary>Asks whether it is ready until it says so; an answer counts for a second.</summary>
    public static async Task UntilAsync(ServiceProcess process, HttpStatusCode status)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Limit);
        using var http = process.Http();
        HttpStatusCode last;
        do
        {
            using var answer = await http.GetAsync(new Uri("healthz/ready", UriKind.Relative), limit.Token);
            last = answer.StatusCode;
        }
        while (last != status);
    }
}
