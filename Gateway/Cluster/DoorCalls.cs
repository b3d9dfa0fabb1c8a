using System.Runtime.CompilerServices;
using NewLoom.Gateways;
using Orleans.Runtime;

namespace NewLoom.Gateway.Cluster;

/// <summary>Asks grains over the silos' doors: over one, and over all at once when no answer comes soon.</summary>
/// <remarks>While the network between silos is cut, only some of them find the way to a grain: those that reach both it
/// and the silo whose part of Orleans' directory knows where it is. What goes into the cut is answered by nothing, at
/// first; one question after the other would outlast the 15 s for which no socket may be deaf. For what may be asked
/// more than once.</remarks>
internal sealed class DoorCalls(IGrainFactory grains, ClusterConnection connection, TimeProvider time)
{
    /// <summary>Doors that are asked at once at most.</summary>
    private const int DoorCountMax = 5;

    // Short at first, for the way may be cut; long in the end, for the cluster may be busy.
    private static readonly (bool IsOfAll, TimeSpan AnswerMax)[] Tries =
    [
        (false, TimeSpan.FromSeconds(1)),
        (true, TimeSpan.FromSeconds(1)),
        (true, TimeSpan.FromSeconds(2)),
        (false, TimeSpan.FromSeconds(5)),
    ];

    /// <summary>For references to the grains that are asked about.</summary>
    public IGrainFactory Grains => grains;

    /// <summary>Asks until a door answers.</summary>
    /// <exception cref="TimeoutException">None did, in about 9 s; or what else the last one failed with.</exception>
    public async Task<T> AskAsync<T>(
        Func<ISiloDoorGrain, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await FirstAsync(ask, Tries[tries].IsOfAll, Tries[tries].AnswerMax, cancellationToken);
            }
            catch (Exception e) when (IsLost(e) && tries < Tries.Length - 1)
            {
                // Another door may lead there.
            }
        }
    }

    /// <summary>Asks one door, or all of them at once, and gives each answer as it comes; those that fail give
    /// none.</summary>
    public async IAsyncEnumerable<T> AskEachAsync<T>(
        Func<ISiloDoorGrain, CancellationToken, Task<T>> ask, bool isOfAll, TimeSpan answerMax,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await foreach (var answer in Task.WhenEach(Ask(ask, isOfAll, answerMax, over.Token)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (answer.IsCompletedSuccessfully)
                {
                    yield return await answer;
                }
            }
        }
        finally
        {
            await over.CancelAsync();    // nobody needs the others' answers any more
        }
    }

    private async Task<T> FirstAsync<T>(
        Func<ISiloDoorGrain, CancellationToken, Task<T>> ask, bool isOfAll, TimeSpan answerMax,
        CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            Task<T>? first = null;
            await foreach (var answer in Task.WhenEach(Ask(ask, isOfAll, answerMax, over.Token)))
            {
                first = answer;
                if (answer.Exception is not { InnerException: { } failure } || !IsLost(failure))
                {
                    break;
                }
            }

            return await first!;
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    // Orleans' client gives calls to doors out in turn: as many as there are silos go to all of them, unless others
    // come between.
    private List<Task<T>> Ask<T>(
        Func<ISiloDoorGrain, CancellationToken, Task<T>> ask, bool isOfAll, TimeSpan answerMax,
        CancellationToken cancellationToken)
    {
        var door = grains.GetGrain<ISiloDoorGrain>(0);
        var doorCount = isOfAll ? Math.Min(connection.SiloCount, DoorCountMax) : 1;
        return
        [
            .. Enumerable.Range(0, doorCount).Select(
                _ => ask(door, cancellationToken).WaitAsync(answerMax, time, cancellationToken)),
        ];
    }

    private static bool IsLost(Exception e) => e is TimeoutException or (OrleansException and not ClusterLostException);
}
