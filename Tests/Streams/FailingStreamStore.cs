using System.Collections.Immutable;
using System.Threading.Channels;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Streams;
using NewLoom.Streams;

namespace NewLoom.Tests.Streams;

/// <summary>A real store whose writes fail while <see cref="IsBroken"/>; reads go on.</summary>
internal sealed class FailingStreamStore(IStreamStore store) : IStreamStore
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly Channel<bool> _failures = Channel.CreateBounded<bool>(100);

    public bool IsBroken { get; set; }

    /// <summary>Listings wait for it; open from the start.</summary>
    public TaskCompletionSource ListingGate { get; set; } = OpenGate();

    /// <summary>Waits for the next write that failed.</summary>
    public async Task FailureAsync() =>
        await _failures.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);

    public Task<StreamRecord?> LoadAsync(long streamId, CancellationToken cancellationToken) =>
        store.LoadAsync(streamId, cancellationToken);

    public Task<long> CreateAsync(
        string actor, long? streamId, string name, string owner, IReadOnlyList<RightsRecord> rights) =>
        WriteAsync(() => store.CreateAsync(actor, streamId, name, owner, rights));

    public Task DeleteAsync(string actor, long streamId) =>
        WriteAsync(() => Nothing(store.DeleteAsync(actor, streamId)));

    public Task SetRightsAsync(
        string actor, long streamId, RightsRecord rights, string? newOwner) =>
        WriteAsync(() => Nothing(store.SetRightsAsync(actor, streamId, rights, newOwner)));

    public Task<AppendOutcome> AppendAsync(
        LogTail tail, ImmutableArray<EventRecord> events, ImmutableArray<Execution> executions) =>
        WriteAsync(() => store.AppendAsync(tail, events, executions));

    public Task SaveStatsAsync(IReadOnlyCollection<KeyValuePair<long, Execution>> executions) =>
        WriteAsync(() => Nothing(store.SaveStatsAsync(executions)));

    public Task<ImmutableArray<StreamEvent>> ReadAsync(
        long streamId, long afterSeq, long throughSeq, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync(streamId, afterSeq, throughSeq, limit, cancellationToken);

    public Task<ImmutableArray<StreamInfo>> ListStreamsAsync(
        string user, long after, int limit, CancellationToken cancellationToken) =>
        store.ListStreamsAsync(user, after, limit, cancellationToken);

    public Task<ImmutableArray<string>> FindUsersAtLimitAsync(
        IReadOnlyList<string> users, int limit, CancellationToken cancellationToken) =>
        store.FindUsersAtLimitAsync(users, limit, cancellationToken);

    public async Task<ExecutionPage> ListExecutionsAsync(
        long streamId, int after, int limit, CancellationToken cancellationToken)
    {
        await ListingGate.Task.WaitAsync(Limit, cancellationToken);
        return await store.ListExecutionsAsync(streamId, after, limit, cancellationToken);
    }

    public Task<ImmutableArray<StreamError>> ListErrorsAsync(
        long streamId, int execution, long after, int limit, CancellationToken cancellationToken) =>
        store.ListErrorsAsync(streamId, execution, after, limit, cancellationToken);

    private static TaskCompletionSource OpenGate()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    private static async Task<bool> Nothing(Task task)
    {
        await task;
        return true;
    }

    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        if (!IsBroken)
        {
            return await write();
        }

        _failures.Writer.TryWrite(true);
        throw new StorageUnavailableException("Broken for the test.");
    }
}
