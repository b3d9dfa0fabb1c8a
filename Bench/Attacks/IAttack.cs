namespace NewLoom.Bench.Attacks;

/// <summary>One way to harm a gateway; bounded in time and in count.</summary>
public interface IAttack
{
    /// <summary>What it is called in the report.</summary>
    string Name { get; }

    /// <summary>Prepares what it needs, before anything is measured.</summary>
    Task PrepareAsync(AttackTarget target, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Attacks, and ends when the attack is over or <paramref name="lasting"/> is.</summary>
    /// <returns>What the gateway did about it.</returns>
    Task<string> RunAsync(AttackTarget target, CancellationToken lasting);
}
