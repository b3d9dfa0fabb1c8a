namespace NewLoom.Gateway.Hosting;

/// <summary>A background service that begins when all others have started: the process answers health checks, and the
/// cluster is reached.</summary>
internal abstract class StartedService : BackgroundService, IHostedLifecycleService
{
    public sealed override Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins, and returns when the process may serve as far as this service is concerned.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await (await Task.WhenAny(Ready, ExecuteTask!).WaitAsync(cancellationToken));
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends when the process may serve.</summary>
    protected abstract Task Ready { get; }
}
