using System.Net;
using NewLoom.Tests.Authentication.Sessions;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>Pages that Django serves have an origin of their own; NewLoom has to be told of it.</summary>
[Collection(SharedDjangoOnSqlite.Name)]
public sealed class DjangoOriginTests(DjangoOnSqlite fixture)
{
    [Fact]
    public async Task PageOfDjango_OpensASocket_WhenItsOriginIsListed_AndNoneElse()
    {
        var ct = TestContext.Current.CancellationToken;
        var site = fixture.Site.Uri.GetLeftPart(UriPartial.Authority);
        await using var service = new ServiceProcess(new Dictionary<string, string?>(fixture.Settings)
        {
            ["NewLoom__AllowedOrigins__0"] = site,
        });
        await service.StartAsync(ct);
        var visitor = await (await fixture.Site.CreateAsync()).LoginAsync();

        foreach (var (each, status) in new[]
        {
            (service, HttpStatusCode.SwitchingProtocols), (fixture.Service, HttpStatusCode.Forbidden),
        })
        {
            using var http = Visitor.Client(each);
            using var answer = await http.AskForUpgradeAsync(
                "ws/chat/", ("Origin", site), ("Cookie", $"sessionid={visitor.Session}"));
            Assert.Equal(status, answer.StatusCode);
        }
    }
}
