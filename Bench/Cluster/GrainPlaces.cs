using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;

namespace NewLoom.Bench.Cluster;

/// <summary>Asks a cluster which silo each of its grains is on.</summary>
internal static class GrainPlaces
{
    /// <summary>The service's own names. (Gateway/Hosting/ClusterSettings.cs)</summary>
    private const string Name = "newloom";

    /// <summary>The grains of a type that are active.</summary>
    /// <param name="connectionString">The cluster's database.</param>
    /// <param name="type">The grains' type, as in their ids.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The address of the silo, by the grain's number.</returns>
    public static async Task<IReadOnlyDictionary<long, string>> OfAsync(
        string connectionString, string type, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (Name, Name))
            .UseAdoNetClustering(options => (options.Invariant, options.DataSource) = ("Npgsql", source)));
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        var places = new Dictionary<long, string>();
        var management = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        foreach (var grain in await management.GetDetailedGrainStatistics(null, null, cancellationToken))
        {
            if (grain.GrainId.Type.ToString() == type)
            {
                places[grain.GrainId.GetIntegerKey()] = grain.SiloAddress.Endpoint.ToString();
            }
        }

        await host.StopAsync(cancellationToken);
        return places;
    }
}
