namespace NewLoom.Bench.Attacks;

/// <summary>Nothing at all, for comparison.</summary>
public sealed class NoAttack(TimeProvider time) : IAttack
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public string Name => "none";

    /// <inheritdoc />
    public async Task<string> RunAsync(AttackTarget target, CancellationToken lasting)
    {
        try
        {
            await Task.Delay(Duration, time, lasting);
        }
        catch (OperationCanceledException)
        {
            // That is as long as it may last.
        }

        return "for comparison";
    }
}
