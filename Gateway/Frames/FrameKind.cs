namespace NewLoom.Gateway.Frames;

/// <summary>Kinds of client frames that are limited apart from each other.</summary>
internal enum FrameKind
{
    /// <summary>Messages: counted per user over all gateways, not per socket.</summary>
    Message,
    Typing,
    MessageStatus,
    History,
    Subscribe,

    /// <summary>Reports to streams.</summary>
    Report,
    Other,
}
