using System.Collections.Immutable;

namespace NewLoom.Users;

/// <summary>What a token may be used for.</summary>
public static class TokenScopes
{
    /// <summary>Reading and writing chats.</summary>
    public const string Chat = "chat";

    /// <summary>Watching streams.</summary>
    public const string StreamsView = "streams:view";

    /// <summary>Reporting to streams.</summary>
    public const string StreamsPublish = "streams:publish";

    /// <summary>Managing users.</summary>
    public const string Admin = "admin";

    /// <summary>What a token gets that was asked for without scopes: all but <see cref="Admin"/>.</summary>
    public static readonly ImmutableArray<string> Usual = [Chat, StreamsView, StreamsPublish];

    /// <summary>Whether there is a scope of this name.</summary>
    public static bool IsKnown(string scope) => scope == Admin || Usual.Contains(scope);
}
