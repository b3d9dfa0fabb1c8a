using System.Collections.Immutable;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using NewLoom.Gateways;

namespace NewLoom.Gateway.Authentication.Keys;

/// <summary>The stored keys, in memory: data protection reads them without waiting.</summary>
internal sealed class KnownKeys : IXmlRepository, IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _change = new();
    private XElement[] _elements = [];
    private XElement? _created;

    /// <summary>How many keys there are.</summary>
    public int Count => Volatile.Read(ref _elements).Length;

    /// <summary>Cancelled when there are other keys than now.</summary>
    public CancellationToken Changed
    {
        get
        {
            lock (_lock)
            {
                return _change.Token;
            }
        }
    }

    /// <summary>Takes over what is stored. Keys are only ever added, so the same number of keys is no change.</summary>
    public void Replace(ImmutableArray<DataProtectionKey> keys)
    {
        if (keys.Length == Count)
        {
            return;
        }

        CancellationTokenSource change;
        lock (_lock)
        {
            Volatile.Write(ref _elements, [.. keys.Select(key => XElement.Parse(key.Xml))]);
            change = _change;
            _change = new CancellationTokenSource();
        }

        change.Cancel();
    }

    /// <summary>The key that was created last. It is not among the others until all gateways can read it.</summary>
    public DataProtectionKey TakeCreated()
    {
        var created = Interlocked.Exchange(ref _created, null)
            ?? throw new InvalidOperationException("No key has been created.");
        return new DataProtectionKey { Xml = created.ToString(SaveOptions.DisableFormatting) };
    }

    public void Dispose() => _change.Dispose();

    IReadOnlyCollection<XElement> IXmlRepository.GetAllElements() =>
        [.. Volatile.Read(ref _elements).Select(element => new XElement(element))];

    void IXmlRepository.StoreElement(XElement element, string friendlyName) => Volatile.Write(ref _created, element);
}
