using NewLoom.Gateway.Frames;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Sockets;

/// <summary>Which errors and closes of a socket are refusals. The others have causes of their own: wrong frames are
/// counted until there are too many, and who fails to authenticate is told of where that is found out.</summary>
internal static class SocketRefusals
{
    public static RefusalKind? Of(ErrorNotice error) => error.Code switch
    {
        "permission_denied" => RefusalKind.PermissionDenied,
        "rate_limited" => RefusalKind.RateLimited,
        _ => null,
    };

    public static RefusalKind? Of(CloseCode code) => code switch
    {
        CloseCode.TooLarge => RefusalKind.FrameTooLarge,
        CloseCode.SlowReader => RefusalKind.SlowReader,
        _ => null,
    };
}
