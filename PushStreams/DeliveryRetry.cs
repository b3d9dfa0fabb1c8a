using Orleans.Runtime.Providers;

namespace NewLoom.PushStreams;

/// <summary>A delivery that failed is tried again soon: everything behind it waits.</summary>
/// <remarks>Orleans' own pause begins with one second and grows to thirty.</remarks>
internal sealed class DeliveryRetry : IMessageDeliveryBackoffProvider
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public TimeSpan Next(int attempt) => Pause;
}
