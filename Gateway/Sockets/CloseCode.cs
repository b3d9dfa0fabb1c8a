namespace NewLoom.Gateway.Sockets;

/// <summary>Why a socket is closed; tells the client whether to come back. The values are the WebSocket close
/// codes.</summary>
internal enum CloseCode
{
    /// <summary>The client said that it is done.</summary>
    Normal = 1000,

    /// <summary>The server is going away: reconnect.</summary>
    GoingAway = 1001,

    /// <summary>A frame was larger than 64 KiB.</summary>
    TooLarge = 1009,

    /// <summary>The credential is missing, wrong or no longer valid.</summary>
    Authentication = 4401,

    /// <summary>Refused for good: the same request would be refused again.</summary>
    Refused = 4403,

    /// <summary>Nothing arrived for 60 s: reconnect.</summary>
    HeartbeatLost = 4408,

    /// <summary>Too many violations or connections: reconnect after a pause.</summary>
    TooMany = 4429,

    /// <summary>The client reads too slowly: reconnect and resume.</summary>
    SlowReader = 4508,
}

internal static class CloseCodes
{
    /// <summary>The close frame's reason: the code of the error that it stands for.</summary>
    public static string Reason(this CloseCode code) => code switch
    {
        CloseCode.Normal => "",
        CloseCode.TooLarge or CloseCode.Refused => "invalid_format",
        CloseCode.Authentication or CloseCode.HeartbeatLost => "connection_error",
        CloseCode.TooMany => "rate_limited",
        _ => "unavailable",
    };
}
