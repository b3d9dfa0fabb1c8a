using NewLoom.Gateway.Authentication.Django;
using NewLoom.Gateway.Authentication.Jwt;
using NewLoom.Gateway.Limits;
using NewLoom.Gateway.Sockets;

namespace NewLoom.Gateway.Hosting;

/// <summary>Where each options class is configured, so that an error can name the key.</summary>
internal static class OptionSections
{
    /// <summary>The gateway's own.</summary>
    /// <returns>The section; <c>NewLoom</c> for a class that has none of its own.</returns>
    public static string Of(Type options) => options.Name switch
    {
        nameof(SocketLimitOptions) or nameof(AddressLimitOptions) => "NewLoom:Limits",
        nameof(DrainOptions) => "NewLoom:Drain",
        nameof(DjangoOptions) => DjangoOptions.SectionName,
        nameof(JwtOptions) => JwtOptions.SectionName,
        _ => ClusterSettings.Section,
    };
}
