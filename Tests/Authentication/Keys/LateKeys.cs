using System.Reflection;
using NewLoom.Gateways;

namespace NewLoom.Tests.Authentication.Keys;

/// <summary>A cluster's grains, but the first few times the one with the keys finds storage away.</summary>
public class LateKeys : DispatchProxy
{
    private IGrainFactory _grains = null!;
    private int _failuresLeft;

    public static IGrainFactory On(IGrainFactory grains, int failureCount)
    {
        var proxy = Create<IGrainFactory, LateKeys>();
        ((LateKeys)(object)proxy)._grains = grains;
        ((LateKeys)(object)proxy)._failuresLeft = failureCount;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.ReturnType == typeof(IDataProtectionKeysGrain) && _failuresLeft-- > 0
            ? throw new StorageUnavailableException()
            : targetMethod.Invoke(_grains, args);
}
