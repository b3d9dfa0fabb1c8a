using Orleans.Streams;

namespace NewLoom.Tests.Storage;

/// <summary>A grain with a state and a stream, to see them stored.</summary>
[Alias("newloom.test.note")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task WriteAsync(string text, int number);

    [Alias("read")]
    Task<(string? Text, int Number)> ReadAsync();

    [Alias("clear")]
    Task ClearAsync();

    [Alias("subscribe")]
    Task SubscribeAsync();

    [Alias("publish")]
    Task PublishAsync(string text);

    [Alias("countsubscriptions")]
    Task<int> CountSubscriptionsAsync();
}

public sealed class NoteState
{
    public string? Text { get; set; }

    public int Number { get; set; }
}

public sealed class NoteGrain([PersistentState("note")] IPersistentState<NoteState> stored) : Grain, INoteGrain
{
    private IAsyncStream<string> Stream =>
        this.GetStreamProvider("memory").GetStream<string>(StreamId.Create("notes", "all"));

    public Task WriteAsync(string text, int number)
    {
        stored.State.Text = text;
        stored.State.Number = number;
        return stored.WriteStateAsync();
    }

    public Task<(string? Text, int Number)> ReadAsync() => Task.FromResult((stored.State.Text, stored.State.Number));

    public Task ClearAsync() => stored.ClearStateAsync();

    public Task SubscribeAsync() => Stream.SubscribeAsync((_, _) => Task.CompletedTask);

    public Task PublishAsync(string text) => Stream.OnNextAsync(text);

    public async Task<int> CountSubscriptionsAsync() => (await Stream.GetAllSubscriptionHandles()).Count;
}
