namespace NewLoom.Streams;

/// <summary>What a user may do with a stream. The two are independent of each other.</summary>
public enum StreamRight
{
    /// <summary>See its state and its past executions.</summary>
    View = 0,

    /// <summary>Report its state.</summary>
    Publish = 1,
}
