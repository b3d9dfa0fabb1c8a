using NewLoom.Gateway.Sockets;
using NewLoom.Users;

namespace NewLoom.Gateway.Audience;

/// <summary>Names open sockets again to their users' grains, which keep them in memory only.</summary>
internal sealed partial class SocketRenewal(
    IGrainFactory grains, GatewayIdentity gateway, SocketRegistry registry, ILogger<SocketRenewal> logger)
{
    /// <summary>Sockets that are named at once.</summary>
    private const int RenewedCount = 16;

    /// <summary>Names all sockets.</summary>
    public Task RenewAsync(CancellationToken cancellationToken) => RenewAsync(registry.All, cancellationToken);

    /// <summary>Names one share of the sockets.</summary>
    /// <param name="share">Which, from 0.</param>
    /// <param name="shareCount">How many shares there are.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RenewShareAsync(int share, int shareCount, CancellationToken cancellationToken) =>
        RenewAsync(registry.All.Where(socket => ShareOf(socket, shareCount) == share), cancellationToken);

    private Task RenewAsync(IEnumerable<ClientSocket> sockets, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            sockets,
            new ParallelOptions { MaxDegreeOfParallelism = RenewedCount, CancellationToken = cancellationToken },
            RenewOneAsync);

    private async ValueTask RenewOneAsync(ClientSocket socket, CancellationToken cancellationToken)
    {
        try
        {
            var user = grains.GetGrain<IUserSocketsGrain>(UserKeys.ForUser(socket.User));
            await user.OpenAsync(gateway.Id, socket.ConnectionId, cancellationToken);
            if (!registry.Has(socket))
            {
                // It closed meanwhile, and its close may have been overtaken.
                await user.CloseAsync(gateway.Id, socket.ConnectionId, cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, its turn comes again within a minute, and the others must not wait for it.
            Log.NotNamed(logger, socket.ConnectionId, e.Message);
        }
    }

    private static int ShareOf(ClientSocket socket, int shareCount) =>
        (int)((uint)socket.ConnectionId.GetHashCode(StringComparison.Ordinal) % (uint)shareCount);
}
