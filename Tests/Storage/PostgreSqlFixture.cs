using NewLoom.Tests.Support;

namespace NewLoom.Tests.Storage;

/// <summary>The run's PostgreSQL server, for tests that are about PostgreSQL whatever the run is on.</summary>
public sealed class PostgreSqlFixture : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await SharedPostgres.EnsureStartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
