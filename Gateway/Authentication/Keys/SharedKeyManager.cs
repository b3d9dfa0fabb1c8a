using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace NewLoom.Gateway.Authentication.Keys;

/// <summary>The framework's own management of <see cref="KnownKeys"/>, which also tells the key ring of keys that
/// other gateways added.</summary>
/// <remarks>The key ring keeps what it has read for a day. <see cref="XmlKeyManager"/> ends that only for keys that
/// went through it.</remarks>
internal sealed class SharedKeyManager(XmlKeyManager keys, KnownKeys known) : IKeyManager
{
    private const string Reason = "Keys are created by KeyKeeper, and none is ever revoked.";

    public IReadOnlyCollection<IKey> GetAllKeys() => keys.GetAllKeys();

    public CancellationToken GetCacheExpirationToken() => known.Changed;

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) =>
        throw new NotSupportedException(Reason);

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) =>
        throw new NotSupportedException(Reason);

    public void RevokeKey(Guid keyId, string? reason = null) => throw new NotSupportedException(Reason);
}
