namespace NewLoom.Gateways;

/// <summary>The event after which somebody must receive nothing more of a topic.</summary>
public interface IAccessRemoved
{
    /// <summary>Who; null when the topic was deleted, and nobody receives it.</summary>
    string? User { get; }
}
