using Orleans.Runtime;
using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>Everything that waited for one subscription, in order: what one delivery carries.</summary>
/// <remarks>Immutable, so a consumer in the silo's own process gets the very objects that wait here.</remarks>
[GenerateSerializer, Immutable, Alias("newloom.push.batch")]
internal sealed class PushBatch(StreamId streamId, PushStreamToken token, object[] items) : IBatchContainer
{
    [Id(0)]
    public StreamId StreamId { get; } = streamId;

    [Id(1)]
    public PushStreamToken Token { get; } = token;

    [Id(2)]
    public object[] Items { get; } = items;

    public StreamSequenceToken SequenceToken => Token;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        var events = new Tuple<T, StreamSequenceToken>[Items.Length];
        var rest = Token.Resynchronise ? new PushStreamToken(Token.SequenceNumber) : Token;
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = new((T)Items[i], i == 0 ? Token : rest);
        }

        return events;
    }

    public bool ImportRequestContext() => false;
}

/// <summary>Tells the pulling agent that a stream has events; never leaves the silo.</summary>
internal sealed class PushAnnouncement(StreamId streamId, PushStreamToken token) : IBatchContainer
{
    public StreamId StreamId { get; } = streamId;

    public StreamSequenceToken SequenceToken { get; } = token;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => [];

    public bool ImportRequestContext() => false;
}
