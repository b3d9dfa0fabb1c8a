using NewLoom.Grains.Storage;

namespace NewLoom.Tests.Storage;

/// <summary>A real storage with a folder of its own, for whoever needs one on the way to something else.</summary>
internal sealed class OwnStorage : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestStorage _storage;

    public OwnStorage() => _storage = new TestStorage(_folder.ConnectionString);

    public IStreamStore Streams => _storage.Streams;

    public IAuditStore Audit => _storage.Audit;

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }
}
