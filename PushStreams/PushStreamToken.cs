using Orleans.Streams;

namespace NewLoom.PushStreams;

/// <summary>Comes with every event of a push stream; says whether events before it were lost.</summary>
/// <remarks>
/// All events of one delivery share a token, except a first one that says <see cref="Resynchronise"/>. Numbers are the
/// publishing silo's own: one subscriber hears several silos, whose numbers have nothing to do with one another, so
/// recognise repeats by what is in the events.
/// </remarks>
[GenerateSerializer, Immutable, Alias("newloom.push.token")]
public sealed class PushStreamToken : StreamSequenceToken
{
    /// <summary>For the serializer.</summary>
    public PushStreamToken()
    {
    }

    internal PushStreamToken(long sequenceNumber, bool resynchronise = false)
    {
        SequenceNumber = sequenceNumber;
        Resynchronise = resynchronise;
    }

    /// <summary>
    /// True when events of this stream, from the silo that published this one, were dropped before it: read what is
    /// missing from where it is kept. The event itself is valid.
    /// </summary>
    [Id(0)]
    public bool Resynchronise { get; private set; }

    /// <summary>The number, on the publishing silo, of the first event of the delivery.</summary>
    [Id(1)]
    public override long SequenceNumber { get; protected set; }

    /// <summary>Always 0.</summary>
    public override int EventIndex
    {
        get => 0;
        protected set { }
    }

    /// <inheritdoc/>
    public override int CompareTo(StreamSequenceToken? other) => other switch
    {
        null => 1,
        PushStreamToken token => SequenceNumber.CompareTo(token.SequenceNumber),
        _ => throw new ArgumentOutOfRangeException(nameof(other)),
    };

    /// <inheritdoc/>
    public override bool Equals(StreamSequenceToken? other) =>
        other is PushStreamToken token && token.SequenceNumber == SequenceNumber;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

    /// <inheritdoc/>
    public override int GetHashCode() => SequenceNumber.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"{SequenceNumber}{(Resynchronise ? " (resynchronise)" : "")}";
}
