namespace NewLoom.Tests.Support;

/// <summary>One running service for all tests of the collection; each test makes users and chats of its own.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    public ServiceProcess Service { get; } = new();

    public World World => new(Service);

    public async ValueTask InitializeAsync() => await Service.StartAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>Tests that share one running service.</summary>
[CollectionDefinition(Name)]
public sealed class SharedService : ICollectionFixture<ServiceFixture>
{
    public const string Name = "service";
}
