using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Jwt;

/// <summary>A running service that takes tokens signed with the forge's secret.</summary>
public sealed class JwtService() : ServiceFixture(new Dictionary<string, string?>
{
    ["NewLoom__Authentication__Jwt__Keys__0__Secret"] = JwtForge.Secret,
    ["NewLoom__Authentication__Jwt__Audience"] = "newloom",
});
