namespace NewLoom.Silo;

/// <summary>Reads the table of members again and again, also right after the database was away.</summary>
/// <remarks>Orleans reads it, too, but waits longer from one failure to the next. After a minute without a database it
/// did not look for 17 s more, and meanwhile took a silo that had been restarted for its predecessor: that one's chats
/// could not be reached (<c>Bench chaos</c>, seed 2027).</remarks>
internal sealed partial class MembershipRefresh(
    IClusterMembershipService membership, TimeProvider time, ILogger<MembershipRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, stoppingToken);
            try
            {
                await membership.Refresh(cancellationToken: stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e.Message);    // whatever it was, the next look comes
            }
        }
    }
}
