using NewLoom.Grains.Gateways;
using NewLoom.Grains.Storage;
using Orleans.Runtime;

namespace NewLoom.Tests.Support;

/// <summary>For a silo that is alone.</summary>
internal sealed class UnwatchedTopics : ITopicWatch
{
    public void Add(TopicTeller topic, TopicTable table, IGrainContext activation)
    {
    }

    public void Remove(TopicTeller topic)
    {
    }
}
