using System.CommandLine;
using System.Net.Sockets;
using NewLoom.Bench.Cluster;
using NewLoom.Bench.Results;

namespace NewLoom.Bench.Scenarios;

/// <summary>A scenario on the command line: reads options, runs, prints, and exits with the outcome.</summary>
internal abstract class ScenarioCommand : Command
{
    /// <summary>Everything arrived as it should.</summary>
    public const int CleanExitCode = 0;

    /// <summary>It ran, and something was lost, doubled, out of order, refused or closed.</summary>
    public const int NotCleanExitCode = 1;

    /// <summary>It could not run; the error output says why.</summary>
    public const int CouldNotRunExitCode = 2;

    private readonly SharedOptions _shared;
    private readonly bool _isIsolated;

    /// <summary>Names the command; its own options are added by the scenario.</summary>
    /// <param name="hasRooms">Whether it is about chats, and takes their options.</param>
    /// <param name="hasDeliveries">Whether it counts deliveries to many sockets, and takes options for that.</param>
    /// <param name="hasServer">Whether it is about a service that runs already; else it starts its own.</param>
    /// <param name="isIsolated">Whether it runs in namespaces of its own, if possible.</param>
    protected ScenarioCommand(
        string name, string description, bool hasRooms = true, bool hasDeliveries = true, bool hasServer = true,
        bool isIsolated = false)
        : base(name, description)
    {
        _isIsolated = isIsolated;
        _shared = new SharedOptions(hasRooms, hasDeliveries, hasServer);
        _shared.AddTo(this);
        SetAction(ExecuteAsync);
    }

    /// <summary>Runs the scenario.</summary>
    protected abstract Task<ScenarioResult> RunAsync(
        ParseResult parsed, BenchSettings settings, CancellationToken cancellationToken);

    private async Task<int> ExecuteAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            if (_isIsolated && !Isolation.IsInside && await Isolation.IsPossibleAsync(cancellationToken))
            {
                return await Isolation.RunAsync([.. parsed.Tokens.Select(token => token.Value)], cancellationToken);
            }

            var result = await RunAsync(parsed, _shared.Read(parsed), cancellationToken);
            await PrintAsync(result, parsed.GetValue(_shared.Json));
            return result.Clean ? CleanExitCode : NotCleanExitCode;
        }
        catch (Exception e) when (e is BenchException or HttpRequestException or SocketException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return CouldNotRunExitCode;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                cancellationToken.IsCancellationRequested ? "Stopped before the end." : "The server did not answer.");
            return CouldNotRunExitCode;
        }
    }

    private static async Task PrintAsync(ScenarioResult result, bool json)
    {
        await (json ? Console.Error : Console.Out).WriteLineAsync(result.Summary());
        if (json)
        {
            await Console.Out.WriteLineAsync(result.ToJson());
        }
    }
}
