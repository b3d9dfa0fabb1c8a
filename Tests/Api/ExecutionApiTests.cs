using System.Globalization;
using System.Text.Json.Nodes;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Api;

/// <summary>Past executions and their errors, in pages, the oldest first.</summary>
public sealed class ExecutionApiTests(ServiceFixture fixture) : StreamApiTests(fixture)
{
    private const int SummaryErrorsMax = 100;

    [Fact]
    public async Task Executions_AreListedInPages_WithTheirFinalStatsAndErrors()
    {
        var room = await RoomAsync();
        await RunAsync(room, "completed", processed: 7, "one");
        await RunAsync(room, "failed", processed: 3, "two", "three");
        await RunAsync(room, "cancelled", processed: 0);
        await PostAsync(room.Alice, $"{room.Path}/status", """{"status":"running"}""");

        var first = Json(await GetAsync(room.Bob, $"{room.Path}/executions?limit=2"));
        Golden.Equal(
            $$"""
            {"has_more":true,"executions":[{{Golds(1, "completed", 7, "one")}},{{Golds(2, "failed", 3, "two", "three")}}]}
            """,
            first);
        var second = Json(await GetAsync(room.Bob, $"{room.Path}/executions?limit=2&after=2"));
        Golden.Equal($$"""{"has_more":false,"executions":[{{Golds(3, "cancelled", 0)}}]}""", second);
        Assert.All(first["executions"]!.AsArray(), run => Assert.True(Time(run!, "started_at") <= Time(run!, "ended_at")));
    }

    [Fact]
    public async Task Executions_AreNone_BeforeTheFirstHasEnded()
    {
        var room = await RoomAsync();
        await PostAsync(room.Alice, $"{room.Path}/status", """{"status":"running"}""");
        Assert.Equal(
            """{"executions":[],"has_more":false}""", (await GetAsync(room.Bob, $"{room.Path}/executions")).Body);
    }

    [Fact]
    public async Task Summary_HasTheLastErrors_AndSaysHowManyThereAre()
    {
        var room = await RoomAsync();
        string[] messages = [.. Enumerable.Range(1, SummaryErrorsMax + 1).Select(i => $"{i}")];
        await RunAsync(room, "failed", processed: 1, messages);

        var run = Json(await GetAsync(room.Bob, $"{room.Path}/executions"))["executions"]![0]!;

        Assert.Equal(messages.Length, run.Get<long>("error_count"));
        Assert.Equal(messages[1..], Messages(run));
        Assert.Equal(messages, Messages(Json(await GetAsync(room.Bob, $"{room.Path}/executions/1/errors?limit=1000"))));
    }

    [Fact]
    public async Task Errors_AreListedInPages_OfEachExecution()
    {
        var room = await RoomAsync();
        await RunAsync(room, "failed", processed: 1, "one", "two", "three");
        await PostAsync(room.Alice, $"{room.Path}/status", """{"status":"running"}""");
        await PostAsync(room.Alice, $"{room.Path}/errors", """{"message":"four","code":"E"}""");

        var first = Json(await GetAsync(room.Bob, $"{room.Path}/executions/1/errors?limit=2"));
        Golden.Equal(
            """
            {"has_more":true,"errors":[
             {"seq":2,"message":"one","code":"E","timestamp":"#time"},
             {"seq":3,"message":"two","code":"E","timestamp":"#time"}]}
            """,
            first);
        var second = Json(await GetAsync(room.Bob, $"{room.Path}/executions/1/errors?limit=2&after=3"));
        Golden.Equal(
            """{"has_more":false,"errors":[{"seq":4,"message":"three","code":"E","timestamp":"#time"}]}""", second);
        Assert.Equal(["four"], Messages(Json(await GetAsync(room.Bob, $"{room.Path}/executions/2/errors"))));
        Assert.Empty(Messages(Json(await GetAsync(room.Bob, $"{room.Path}/executions/3/errors"))));
    }

    private async Task RunAsync(ApiRoom room, string end, long processed, params string[] errors)
    {
        Json(await PostAsync(room.Alice, $"{room.Path}/status", """{"status":"running"}"""));
        Json(await PostAsync(
            room.Alice, $"{room.Path}/stats", $$"""{"processed_count":{{processed}},"execution_time":"00:00:08"}"""));
        foreach (var message in errors)
        {
            Json(await PostAsync(room.Alice, $"{room.Path}/errors", $$"""{"message":"{{message}}","code":"E"}"""));
        }

        Json(await PostAsync(room.Alice, $"{room.Path}/status", $$"""{"status":"{{end}}"}"""));
    }

    private static string Golds(int number, string status, long processed, params string[] errors)
    {
        var all = errors.Select(message => $$"""{"message":"{{message}}","code":"E","timestamp":"#time"}""");
        return $$"""
            {"execution":{{number}},"status":"{{status}}","started_at":"#time","ended_at":"#time",
             "stats":{"processed_count":{{processed}},"failed_count":0,"total_count":{{processed}},
                      "execution_time":"00:00:08"},
             "errors":[{{string.Join(',', all)}}],"error_count":{{errors.Length}}}
            """;
    }

    private static IEnumerable<string> Messages(JsonNode holder) =>
        holder["errors"]!.AsArray().Select(error => error!.Get<string>("message"));

    private static DateTimeOffset Time(JsonNode run, string name) =>
        DateTimeOffset.Parse(run.Get<string>(name), CultureInfo.InvariantCulture);
}
