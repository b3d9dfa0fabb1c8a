using NewLoom.Tests.Support;

namespace NewLoom.Tests.Authentication.Django;

/// <summary>One Django database, a site on it for each kind of session, and NewLoom beside them.</summary>
public abstract class DjangoFixture : IAsyncLifetime
{
    /// <summary>NewLoom knows it already; the sites still sign with the former one.</summary>
    public const string NewKey = "a newer key, which signs nothing yet";

    private ServiceProcess? _service;

    /// <summary>Keeps sessions in the database.</summary>
    public DjangoSite Site { get; } = new();

    /// <summary>Keeps sessions in their cookies.</summary>
    public DjangoSite CookieSite { get; } = new();

    /// <summary>The variables that join NewLoom to this database.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; private set; } = new Dictionary<string, string?>();

    public ServiceProcess Service => _service ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        var (site, bridge) = await CreateDatabaseAsync(ct);
        Settings = new Dictionary<string, string?>(bridge)
        {
            ["NewLoom__Authentication__Django__SecretKey"] = NewKey,
            ["NewLoom__Authentication__Django__SecretKeyFallbacks__0"] = DjangoSite.SecretKey,
        };
        _service = new ServiceProcess(Settings);
        await Site.StartAsync("db", site, ct);
        await CookieSite.StartAsync("signed_cookies", site, ct);
        await Service.StartAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await CookieSite.DisposeAsync();
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        await RemoveDatabaseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The site of the engine's name.</summary>
    public DjangoSite SiteOf(string sessionEngine) => sessionEngine == "db" ? Site : CookieSite;

    /// <summary>Opens an extended chat socket as a page of NewLoom's own origin with this cookie.</summary>
    public Task<TestSocket> OpenAsync(string sessionId, bool isExtended = true) =>
        OpenAsync(Service, sessionId, isExtended);

    /// <summary>The same on another service.</summary>
    public static Task<TestSocket> OpenAsync(
        ServiceProcess service, string sessionId, bool isExtended = true) => TestSocket.OpenAsync(
        service, token: null, isExtended, headers: new Dictionary<string, string>
        {
            ["Cookie"] = $"sessionid={sessionId}",
            ["Origin"] = service.HttpUri.GetLeftPart(UriPartial.Authority),
        });

    /// <summary>Expects that a cookie opens no socket.</summary>
    public async Task AssertRefusedAsync(string sessionId)
    {
        await using var socket = await OpenAsync(sessionId);
        await Credentials.ExpectFailedAsync(socket);
    }

    protected abstract Task<(Dictionary<string, string> Site, Dictionary<string, string?> Bridge)> CreateDatabaseAsync(
        CancellationToken cancellationToken);

    protected abstract ValueTask RemoveDatabaseAsync();
}
