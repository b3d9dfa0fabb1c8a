using NewLoom.Grains.Storage;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Storage;

/// <summary>A real storage with a folder of its own, for whoever needs one on the way to something else.</summary>
internal sealed class OwnStorage : IAsyncDisposable
{
    private readonly TestDatabase _database = new();
    private readonly TestStorage _storage;

    public OwnStorage() => _storage = new TestStorage(_database);

    public IStreamStore Streams => _storage.Streams;

    public IAuditStore Audit => _storage.Audit;

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _database.Dispose();
    }
}
