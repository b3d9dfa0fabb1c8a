namespace NewLoom.Gateway.Authentication.Jwt;

internal sealed partial class JwksFile
{
    private static partial class Log
    {
        [LoggerMessage(1261, LogLevel.Information, "Keys for tokens: {KeyCount}, out of {Path}")]
        public static partial void Loaded(ILogger logger, string path, int keyCount);

        [LoggerMessage(1262, LogLevel.Warning, "{Path} cannot be used ({Fault}): the keys stay as they were")]
        public static partial void NotLoaded(ILogger logger, string path, string fault);
    }
}
