using System.Collections.Immutable;
using NewLoom.Users;

namespace NewLoom.Grains.Users;

/// <summary>Makes a user's tokens valid, and ends them: first for new calls, then for the sockets that rest on
/// them.</summary>
internal sealed class LiveTokens(string user, IGrainFactory grains)
{
    /// <summary>Lets the token be used.</summary>
    public Task ActivateAsync(TokenRecord token, CancellationToken cancellationToken) =>
        grains.GetGrain<ITokenGrain>(UserKeys.ForToken(token.Hash)).IssueAsync(
            new TokenGrant { User = user, TokenId = token.TokenId, ExpiresAt = token.ExpiresAt, Scopes = token.Scopes },
            cancellationToken);

    /// <summary>Ends tokens. Repeats are harmless.</summary>
    public async Task EndAsync(IEnumerable<TokenRecord> tokens, CancellationToken cancellationToken)
    {
        var ended = tokens.ToList();
        await Task.WhenAll(ended.Select(token =>
            grains.GetGrain<ITokenGrain>(UserKeys.ForToken(token.Hash)).RevokeAsync(cancellationToken)));
        await Task.WhenAll(ended.Select(token => TellAsync(token.Hash)));
    }

    /// <summary>Ends every socket of the user.</summary>
    public Task EndSocketsAsync() => TellAsync(hash: null);

    private Task TellAsync(string? hash) =>
        grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(user)).CredentialEndedAsync(hash);
}
