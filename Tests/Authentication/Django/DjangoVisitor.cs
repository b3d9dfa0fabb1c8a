using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>A user of the site with a browser's cookies, who goes through Django's own pages.</summary>
public sealed partial class DjangoVisitor(DjangoSite site, string name)
{
    public const string Password = "a long enough password";

    private readonly CookieContainer _cookies = new();

    public string Name => name;

    /// <summary>The <c>sessionid</c> that the browser has now.</summary>
    public string Session => _cookies.GetCookies(site.Uri)["sessionid"]?.Value
        ?? throw new InvalidOperationException($"{name} is not logged in.");

    /// <summary>Logs in on the login page.</summary>
    /// <returns>The visitor, with its session.</returns>
    public async Task<DjangoVisitor> LoginAsync()
    {
        await SubmitAsync("login/", new() { ["username"] = name, ["password"] = Password });
        return this;
    }

    /// <summary>Logs out.</summary>
    public Task LogoutAsync() => SubmitAsync("logout/", [], formPath: "login/");

    /// <summary>Sets another password on the page for it, where one stays logged in.</summary>
    public Task ChangePasswordAsync(string password) => SubmitAsync("password/", new()
    {
        ["old_password"] = Password,
        ["new_password1"] = password,
        ["new_password2"] = password,
    });

    /// <summary>A token of the REST framework, from its own view.</summary>
    public async Task<string> TokenAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        using var http = new HttpClient { BaseAddress = site.Uri };    // no browser: without cookies
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["username"] = name, ["password"] = Password });
        var answer = await http.PostAsync(new Uri("token/", UriKind.Relative), form, ct);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(ct);
        return body.GetProperty("token").GetString()!;
    }

    /// <summary>Fills in a page's form and sends it; it is accepted when it leads elsewhere.</summary>
    private async Task SubmitAsync(string path, Dictionary<string, string> fields, string? formPath = null)
    {
        var ct = TestContext.Current.CancellationToken;
        using var http = Http();
        var page = await http.GetStringAsync(new Uri(formPath ?? path, UriKind.Relative), ct);
        fields["csrfmiddlewaretoken"] = CsrfToken().Match(page).Groups["token"].Value;
        using var form = new FormUrlEncodedContent(fields);
        var answer = await http.PostAsync(new Uri(path, UriKind.Relative), form, ct);
        Assert.True(
            answer.RequestMessage!.RequestUri!.AbsolutePath == "/done/",
            $"{path}: {answer.StatusCode}\n{await answer.Content.ReadAsStringAsync(ct)}");
    }

    private HttpClient Http() => new(new HttpClientHandler { CookieContainer = _cookies }) { BaseAddress = site.Uri };

    [GeneratedRegex("name=\"csrfmiddlewaretoken\" value=\"(?<token>\\w+)\"")]
    private static partial Regex CsrfToken();
}
