using System.Collections.Immutable;

namespace NewLoom.Gateway.Authentication;

/// <summary>Who is behind a request or a socket.</summary>
internal sealed record Identity(string User, DateTimeOffset? ExpiresAt, ImmutableArray<string> Scopes);
