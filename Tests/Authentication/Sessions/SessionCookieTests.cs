using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using NewLoom.Gateway.Authentication.Sessions;

namespace NewLoom.Tests.Authentication.Sessions;

public sealed class SessionCookieTests
{
    [Theory]
    [InlineData("http", false)]
    [InlineData("https", true)]
    public void Cookie_IsSecure_WhenTheRequestIs(string scheme, bool isSecure)
    {
        var options = new CookieAuthenticationOptions();
        SessionCookie.Configure(options);
        var cookie = options.Cookie.Build(new DefaultHttpContext { Request = { Scheme = scheme } });
        Assert.Equal((isSecure, true, SameSiteMode.Lax), (cookie.Secure, cookie.HttpOnly, cookie.SameSite));
    }
}
