namespace NewLoom.Grains.Storage;

/// <summary>The cluster has declared this silo dead, so that others may have taken its chats and streams over.</summary>
internal sealed class MemberGoneException(string message) : Exception(message);
