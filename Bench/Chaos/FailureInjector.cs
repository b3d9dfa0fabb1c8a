using NewLoom.Bench.Cluster;
using NewLoom.Bench.Processes;

namespace NewLoom.Bench.Chaos;

/// <summary>Makes failures happen to a cluster, and ends them.</summary>
internal sealed class FailureInjector(BenchCluster cluster, StoredLog stored, ChaosLoad load, ChaosBooks books)
{
    /// <summary>How long the cluster may take to give up a silo that does not answer, while it has a database to vote
    /// in.</summary>
    private static readonly TimeSpan GiveUpLimit = TimeSpan.FromSeconds(60);

    /// <summary>How long a silo may go on that the cluster has given up.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Puts the members' own numbers in place of the plan's, which count from the longest running.</summary>
    public Failure Name(Failure planned) => planned.Part switch
    {
        FailurePart.Gateways => planned with { Number = Ranked(cluster.Gateways, planned.Number) },
        FailurePart.Silos => planned with
        {
            Number = Ranked(cluster.Silos, planned.Number),
            Other = planned.Kind == FailureKind.SilosCut ? Ranked(cluster.Silos, planned.Other) : planned.Other,
        },
        _ => planned,
    };

    /// <summary>Injects a failure, holds it for its duration, and starts again what it ended; returns then, and not
    /// when everything is well.</summary>
    public Task InjectAsync(Failure failure, CancellationToken cancellationToken)
    {
        var silo = cluster.Silos[failure.Part is FailurePart.Silos ? failure.Number : 0];
        return failure.Kind switch
        {
            FailureKind.SiloKilled => KillAsync(silo, failure, cancellationToken),
            FailureKind.GatewayKilled => KillAsync(cluster.Gateways[failure.Number], failure, cancellationToken),
            FailureKind.SiloRestarted => RestartAsync(silo, failure, cancellationToken),
            FailureKind.GatewayRestarted => RestartAsync(cluster.Gateways[failure.Number], failure, cancellationToken),
            FailureKind.DatabaseRestarted or FailureKind.DatabaseCrashed => DuringOutageAsync(failure, () =>
                cluster.Database.RestartAsync(failure.Kind == FailureKind.DatabaseCrashed, cancellationToken)),
            FailureKind.DatabaseSilent => DuringOutageAsync(failure, () =>
                CloseDatabaseAsync(cluster.DatabaseWay.Hang, failure, cancellationToken)),
            FailureKind.DatabaseRefusing => DuringOutageAsync(failure, () =>
                CloseDatabaseAsync(cluster.DatabaseWay.Refuse, failure, cancellationToken)),
            FailureKind.SiloFrozen => FreezeAsync(silo, failure, cancellationToken),
            FailureKind.GatewayFrozen => FillQueuesAsync(
                cluster.Gateways[failure.Number], failure, cancellationToken),
            FailureKind.SilosCut => CutAsync(silo, cluster.Silos[failure.Other], failure, cancellationToken),
            FailureKind.GatewayCut => CutAsync(silo, cluster.Gateways[failure.Other], failure, cancellationToken),
            FailureKind.AllRestarted => RestartAllAsync(failure, cancellationToken),
            FailureKind.AllKilled => DuringOutageAsync(failure, () => KillAllAsync(cancellationToken)),
            _ => throw new InvalidOperationException($"{failure.Kind} has no code."),
        };
    }

    private async Task KillAsync(MemberProcess member, Failure failure, CancellationToken cancellationToken)
    {
        Begin(failure);
        await member.KillAsync(cancellationToken);
        await WaitAsync(failure.Duration, cancellationToken);
        member.Launch();
    }

    private async Task RestartAsync(MemberProcess member, Failure failure, CancellationToken cancellationToken)
    {
        Begin(failure);
        await StopAsync(member, cancellationToken);
        member.Launch();
    }

    private async Task StopAsync(MemberProcess member, CancellationToken cancellationToken)
    {
        try
        {
            await member.StopAsync(cancellationToken);
        }
        catch (BenchException e)
        {
            books.Complain(e.Message);
        }
    }

    private async Task RestartAllAsync(Failure failure, CancellationToken cancellationToken)
    {
        foreach (var member in cluster.Members)
        {
            await RestartAsync(member, failure, cancellationToken);
            await member.UntilReadyAsync(cancellationToken);
        }
    }

    private async Task KillAllAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(cluster.Members.Select(member => member.KillAsync(cancellationToken)));
        foreach (var member in cluster.Members)
        {
            member.Launch();
        }

        foreach (var member in cluster.Members)
        {
            await member.UntilReadyAsync(cancellationToken);
        }
    }

    private async Task CloseDatabaseAsync(Action close, Failure failure, CancellationToken cancellationToken)
    {
        close();
        await WaitAsync(failure.Duration, cancellationToken);
        cluster.DatabaseWay.Open();
    }

    private async Task FreezeAsync(MemberProcess silo, Failure failure, CancellationToken cancellationToken)
    {
        Begin(failure);
        silo.Send(Signal.Stop);
        var since = TimeProvider.System.GetTimestamp();
        var isGivenUp = false;
        while (!isGivenUp && books.Outages.Lateness(since, TimeProvider.System.GetTimestamp()) < GiveUpLimit)
        {
            await WaitAsync(Poll, cancellationToken);
            isGivenUp = await IsGivenUpAsync(silo, cancellationToken);
        }

        silo.Send(Signal.Continue);
        if (!isGivenUp)
        {
            books.Complain($"{silo.Name} was frozen for {GiveUpLimit.TotalSeconds} s and not given up");
            return;
        }

        books.Count("silos that were given up while frozen");
        if (!await silo.EndsWithinAsync(EndLimit, cancellationToken))
        {
            books.Complain($"{silo.Name} went on {EndLimit.TotalSeconds} s after it was given up");
            await silo.KillAsync(cancellationToken);
        }
    }

    /// <summary>What silos tell a frozen gateway waits for it in their memory; they are given more to tell.</summary>
    private async Task FillQueuesAsync(
        MemberProcess gateway, Failure failure, CancellationToken cancellationToken)
    {
        Begin(failure);
        var (before, since) = (Overflows(), TimeProvider.System.GetTimestamp());
        gateway.Send(Signal.Stop);
        try
        {
            while (TimeProvider.System.GetElapsedTime(since) < failure.Duration)
            {
                load.Senders.ForEach(sender => sender.Hurry(Overflows() == before));
                await WaitAsync(Poll, cancellationToken);
            }
        }
        finally
        {
            gateway.Send(Signal.Continue);
            load.Senders.ForEach(sender => sender.Hurry(false));
        }

        books.Count(Overflows() > before
            ? "gateways that were frozen until a queue was full"
            : "gateways that were frozen, and no queue was full");

        int Overflows() => cluster.Silos.Sum(silo => silo.OverflowCount);
    }

    private async Task<bool> IsGivenUpAsync(MemberProcess silo, CancellationToken cancellationToken)
    {
        try
        {
            return await stored.IsGivenUpAsync(
                silo.Place.Address.ToString(), silo.Place.SiloPort, cancellationToken);
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;    // the database is restarted at the same time
        }
    }

    private async Task CutAsync(
        MemberProcess one, MemberProcess other, Failure failure, CancellationToken cancellationToken)
    {
        Begin(failure);
        await cluster.Network.CutAsync(one.Place, other.Place, cancellationToken);
        await WaitAsync(failure.Duration, cancellationToken);
        await cluster.Network.MendAsync(one.Place, other.Place, cancellationToken);
    }

    /// <summary>Nothing can work during it: recovery counts from its end.</summary>
    private async Task DuringOutageAsync(Failure failure, Func<Task> during)
    {
        books.Outages.Begin();
        await during();
        books.Outages.End();
        Begin(failure);
    }

    private static int Ranked(List<MemberProcess> members, int rank) =>
        members.IndexOf(members.OrderBy(member => member.StartedAt).ElementAt(rank));

    private void Begin(Failure failure) => books.Recoveries.Begin(failure.Kind.ToString());

    private static Task WaitAsync(TimeSpan duration, CancellationToken cancellationToken) =>
        Task.Delay(duration, TimeProvider.System, cancellationToken);
}
