using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using NewLoom.Audit;
using NewLoom.Grains.Storage;
using NewLoom.Users;

namespace NewLoom.Silo;

/// <summary>Gives a developer somebody to be: the users alice and bob, chat 123, stream 123, and URLs to paste.</summary>
internal sealed class DevelopmentData(
    IGrainFactory grains, IChatStore chats, IStreamStore streams, IServer server) : IHostedLifecycleService
{
    /// <summary>The id that the original API's document uses, for its chat and for its stream.</summary>
    private const long Id = 123;

    private const string Name = "Development";

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(1);
    private static readonly string[] Usernames = ["alice", "bob"];

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs when the service answers already, so that what is printed works.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var url = server.Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace(
            "[::]", "localhost", StringComparison.Ordinal);
        var text = new StringBuilder().AppendLine().AppendLine("NewLoom is ready. Open one of these in a browser:");
        foreach (var username in Usernames)
        {
            var user = grains.GetGrain<IUserGrain>(UserKeys.ForUser(username));
            await user.CreateAsync(Actor.System, cancellationToken);
            var issued = await user.IssueTokenAsync(
                Actor.System, TokenLifetime, TokenScopes.Usual, cancellationToken);
            var token = issued!.Token;
            text.AppendLine().AppendLine($"  {username}: {url}/?token={token}");
            var socketUrl = url.Replace("http", "ws", StringComparison.Ordinal);
            text.AppendLine($"  {socketUrl}/ws/chat/?token={token}");
            text.AppendLine($"  {socketUrl}/ws/streams/?token={token}");
        }

        if (await chats.LoadAsync(Id, cancellationToken) is null)
        {
            await chats.CreateAsync(Actor.System, Id, Name, Usernames[0], Usernames[1..]);
        }

        if (await streams.LoadAsync(Id, cancellationToken) is null)
        {
            await streams.CreateAsync(
                Actor.System, Id, Name, Usernames[0],
                [.. Usernames.Select(user => new RightsRecord(user, true, user == Usernames[0]))]);
        }

        Console.WriteLine(text);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
