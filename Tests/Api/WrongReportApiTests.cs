using NewLoom.Tests.Support;

namespace NewLoom.Tests.Api;

/// <summary>A wrong report is told what is wrong with it, and changes nothing.</summary>
public sealed class WrongReportApiTests(ServiceFixture fixture) : StreamApiTests(fixture)
{
    public static TheoryData<string> Names => [.. WrongReports.All.Select(report => report.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Report_IsRefused_NamingTheField_AndChangesNothing(string name)
    {
        var (_, path, body, detail) = WrongReports.All.Single(report => report.Name == name);
        var room = await RoomAsync();
        Json(await PostAsync(room.Alice, $"{room.Path}/status", """{"status":"paused"}"""));
        Json(await PostAsync(room.Alice, $"{room.Path}/stats", """{"processed_count":1}"""));
        Json(await PostAsync(room.Alice, $"{room.Path}/errors", """{"message":"m","code":"E"}"""));
        var before = await GetAsync(room.Bob, room.Path);

        AssertInvalid(detail, await PostAsync(room.Alice, $"{room.Path}/{path}", body));

        Assert.Equal(before.Body, (await GetAsync(room.Bob, room.Path)).Body);
    }
}
