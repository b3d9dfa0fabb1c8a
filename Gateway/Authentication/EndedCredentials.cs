using NewLoom.Users;

namespace NewLoom.Gateway.Authentication;

/// <summary>The credentials that ended in the last minute, for sockets that were being opened with them
/// meanwhile.</summary>
/// <remarks>A socket is entered first and looked up here then, so that an end is noticed on one side or the
/// other.</remarks>
internal sealed class EndedCredentials(TimeProvider time)
{
    /// <summary>Longer than any socket takes from its credential's check to its entry.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    /// <summary>When more end at once the oldest are forgotten early; asking again still finds them.</summary>
    private const int CountMax = 10_000;

    private readonly Queue<(CredentialEnded Ended, long At)> _recent = new();

    /// <summary>Remembers an end.</summary>
    public void Note(CredentialEnded ended)
    {
        lock (_recent)
        {
            _recent.Enqueue((ended, time.GetTimestamp()));
            DropOld();
        }
    }

    /// <summary>Whether the identity rests on something that has ended since.</summary>
    /// <param name="identity">The identity.</param>
    /// <param name="since">A timestamp from before it was verified: what ended earlier was known then, and its user may
    /// have been created anew.</param>
    public bool Has(Identity identity, long since)
    {
        lock (_recent)
        {
            DropOld();
            return _recent.Any(entry => entry.At >= since && Ends(entry.Ended, identity));
        }
    }

    /// <summary>Whether the end of a credential is the end of the identity.</summary>
    public static bool Ends(CredentialEnded ended, Identity identity) =>
        ended.User == identity.User
        && (ended.Hash is null
            || identity.Handle is { Kind: CredentialHandle.IssuedKind } handle && handle.Value == ended.Hash);

    private void DropOld()
    {
        while (_recent.TryPeek(out var oldest)
            && (_recent.Count > CountMax || time.GetElapsedTime(oldest.At) > Memory))
        {
            _recent.Dequeue();
        }
    }
}
