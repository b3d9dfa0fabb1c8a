using NewLoom.Gateway.Frames;
using NewLoom.Users;

namespace NewLoom.Gateway.Sockets;

/// <summary>What one socket is used for: receives its topics, does what its frames ask.</summary>
internal interface ISocketSession
{
    /// <summary>The kind of socket.</summary>
    ISocketKind Kind { get; }

    /// <summary>Subscribes the socket to what it receives from the start. To a client, open means that nothing sent from
    /// now on is missed, so this comes before the upgrade is answered.</summary>
    /// <returns>What an extended client is told first.</returns>
    Task<WelcomeNotice> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Goes on with what had to wait until the socket can speak; its frames are read after that.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Does what a frame asks. May return before it is done when frames behind it need not wait.</summary>
    /// <returns>Why it is refused, or null.</returns>
    ValueTask<ErrorNotice?> ActAsync(ClientFrame frame);

    /// <summary>Lets the socket receive a topic that its user has just been given, if it receives all.</summary>
    Task FollowAsync(UserEvent added, CancellationToken cancellationToken);

    /// <summary>Looks for topics that the socket should receive and was never told of, after events were lost.</summary>
    Task RelistAsync(CancellationToken cancellationToken);

    /// <summary>Ends what the socket receives and its new credential does not give.</summary>
    void Narrow();

    /// <summary>Ends everything that the socket receives. May be called more than once.</summary>
    void Forget();

    /// <summary>Completes what its frames began.</summary>
    Task EndAsync();
}
