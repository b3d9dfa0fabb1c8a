using NewLoom.Gateway.Authentication.Django;
using NewLoom.Gateway.Authentication.Jwt;
using NewLoom.Gateway.Limits;
using NewLoom.Gateway.Sockets;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Users;

namespace NewLoom.Silo;

/// <summary>Where each options class is configured, so that an error can name the key.</summary>
internal static class OptionSections
{
    public static string Of(Type options) => options.Name switch
    {
        nameof(SocketLimitOptions) or nameof(AddressLimitOptions) or nameof(UserLimits) => "NewLoom:Limits",
        nameof(DrainOptions) => "NewLoom:Drain",
        nameof(DjangoOptions) => DjangoOptions.SectionName,
        nameof(JwtOptions) => JwtOptions.SectionName,
        nameof(StorageOptions) => "Storage",
        _ => "NewLoom",
    };
}
