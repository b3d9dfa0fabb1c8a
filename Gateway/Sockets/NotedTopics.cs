namespace NewLoom.Gateway.Sockets;

/// <summary>A set of topics, noted by whoever subscribes a socket.</summary>
internal sealed class NotedTopics
{
    private readonly HashSet<long> _ids = [];

    public void Note(long topicId)
    {
        lock (_ids)
        {
            _ids.Add(topicId);
        }
    }

    /// <summary>Takes a note back: the topic was not received after all.</summary>
    public void Forget(long topicId)
    {
        lock (_ids)
        {
            _ids.Remove(topicId);
        }
    }

    public long[] All()
    {
        lock (_ids)
        {
            return [.. _ids];
        }
    }
}
