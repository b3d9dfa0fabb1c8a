using System.Collections.Immutable;

namespace NewLoom.Gateways;

/// <summary>The keys of ASP.NET Core's data protection, which all gateways share. There is one such grain, with key
/// 0.</summary>
/// <remarks>Keys are never removed: there are four more a year, and what was protected with an old one can still be
/// read.</remarks>
[Alias("newloom.data-protection-keys")]
public interface IDataProtectionKeysGrain : IGrainWithIntegerKey
{
    /// <summary>All keys, oldest first.</summary>
    [Alias("list")]
    Task<ImmutableArray<DataProtectionKey>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds a key, unless another one has been added since the caller looked: of gateways that start at once
    /// one alone makes a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="knownCount">How many keys the caller saw.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>All keys now, oldest first.</returns>
    [Alias("add")]
    Task<ImmutableArray<DataProtectionKey>> AddAsync(
        DataProtectionKey key, int knownCount, CancellationToken cancellationToken = default);
}
