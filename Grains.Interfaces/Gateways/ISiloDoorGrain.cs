namespace NewLoom.Gateways;

/// <summary>Answers from whatever silo the call arrives at. There is one such grain on each silo, with key 0.</summary>
/// <remarks>A gateway knocks so that it has a connection to every silo: see <c>SiloDoors</c> there.</remarks>
[Alias("newloom.silo-door")]
public interface ISiloDoorGrain : IGrainWithIntegerKey
{
    /// <summary>Does nothing, on the silo that the call arrives at.</summary>
    [Alias("knock")]
    Task KnockAsync(CancellationToken cancellationToken = default);
}
