namespace NewLoom.Tests.Support;

/// <summary>One running service for all tests of a class or a collection; each test makes users and chats of its
/// own.</summary>
public class ServiceFixture : IAsyncLifetime
{
    public ServiceFixture()
        : this(settings: null)
    {
    }

    /// <param name="settings">As <see cref="ServiceProcess"/> takes them.</param>
    protected ServiceFixture(IReadOnlyDictionary<string, string?>? settings) => Service = new ServiceProcess(settings);

    public ServiceProcess Service { get; }

    public World World => new(Service);

    public async ValueTask InitializeAsync() => await Service.StartAsync(CancellationToken.None);

    public virtual async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Tests that share one running service.</summary>
[CollectionDefinition(Name)]
public sealed class SharedService : ICollectionFixture<ServiceFixture>
{
    public const string Name = "service";
}
