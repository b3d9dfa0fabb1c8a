using NewLoom.Grains.Storage;
using Orleans.Runtime;

namespace NewLoom.Grains.Gateways;

/// <summary>Ends activations whose topic another activation has gone on with. One for each silo.</summary>
internal interface ITopicWatch
{
    /// <summary>Watches an activation until it ends.</summary>
    void Add(TopicTeller topic, TopicTable table, IGrainContext activation);

    /// <summary>The activation ends.</summary>
    void Remove(TopicTeller topic);
}
