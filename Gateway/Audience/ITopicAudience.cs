using NewLoom.Gateway.Sockets;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Audience;

/// <summary>The topics of one kind that sockets of this gateway receive.</summary>
internal interface ITopicAudience
{
    IEnumerable<TopicFeed> Feeds { get; }

    /// <summary>Takes an event from the gateway's stream.</summary>
    void Take(TopicEvent item);

    /// <summary>Ends everything that a socket receives.</summary>
    void Forget(ClientSocket socket);

    /// <summary>Leaves the topics that nobody here receives any more.</summary>
    void LeaveEmpty();

    /// <summary>Waits until no call of a feed is under way; repairs have been told to stop.</summary>
    Task StopAsync();
}
