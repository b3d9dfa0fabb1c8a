using Microsoft.Extensions.Time.Testing;
using NewLoom.Gateway.Sockets;

namespace NewLoom.Tests.Sockets;

public sealed class SocketStreamTests : IDisposable
{
    private const int ReadsPerSecond = 1_000;
    private const int PingsPerSecond = 100;

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new();
    private readonly SocketStream _stream;
    private readonly byte[] _byte = new byte[1];

    public SocketStreamTests() => _stream = new SocketStream(new MemoryStream(new byte[10 * ReadsPerSecond]), _time);

    public void Dispose() => _stream.Dispose();

    [Fact]
    public async Task Reads_WaitForTheNextSecond_WhenManyBringNoFrame()
    {
        await ReadAsync(ReadsPerSecond);
        var late = _stream.ReadAsync(_byte, _ct).AsTask();
        Assert.False(late.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await late);
        await ReadAsync(ReadsPerSecond - 1);
        Assert.False(_stream.ReadAsync(_byte, _ct).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Reads_DoNotWait_WhenTheyBringFrames()
    {
        for (var i = 0; i < 10 * ReadsPerSecond; i++)
        {
            await ReadAsync(1);
            _stream.NoteFrame();
        }
    }

    [Fact]
    public async Task Reads_WaitForTheNextSecond_WhenManyPingsWereAnswered()
    {
        for (var i = 0; i < PingsPerSecond; i++)
        {
            await _stream.WriteAsync(new byte[] { 0x8A, 0 }, _ct);
        }

        Assert.False(_stream.ReadAsync(_byte, _ct).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Read_Ends_WhenTheSocketDoesSoMeanwhile()
    {
        await ReadAsync(ReadsPerSecond);
        using var ending = new CancellationTokenSource();
        var late = _stream.ReadAsync(_byte, ending.Token).AsTask();
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
    }

    private async Task ReadAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var read = _stream.ReadAsync(_byte, _ct).AsTask();
            Assert.True(read.IsCompleted);
            Assert.Equal(1, await read);
        }
    }
}
