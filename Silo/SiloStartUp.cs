using NewLoom.Gateway.Hosting;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Users;
using NewLoom.PushStreams;
using Npgsql;

namespace NewLoom.Silo;

/// <summary>What a silo's start knows beside what a gateway's does.</summary>
internal static class SiloStartUp
{
    /// <summary>Where the limits are configured of what waits for gateways.</summary>
    public const string PushStreamsSection = "PushStreams";

    public static bool IsForOperator(Exception e) => e is StorageSetupException or NpgsqlException;

    public static string SectionOf(Type options) => options.Name switch
    {
        nameof(UserLimits) => "NewLoom:Limits",
        nameof(StorageOptions) => "Storage",
        nameof(PushStreamOptions) => PushStreamsSection,
        _ => OptionSections.Of(options),
    };
}
