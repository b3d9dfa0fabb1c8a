namespace NewLoom.Gateway.Authentication.Jwt;

internal sealed partial class JwksFile
{
    private static partial class Log
    {
        [LoggerMessage(1261, LogLevel.Information, "Keys for tokens: {KeyCount}, out of {Path}")]
        public static partial void Loaded(ILogger logger, string path, int keyCount);

        [LoggerMessage(1262, LogLevel.Warning, "{Path} cannot be read: the keys for tokens stay as they were")]
        public static partial void NotRead(ILogger logger, string path);

        [LoggerMessage(1263, LogLevel.Warning, "{Path} is no JWK set: the keys for tokens stay as they were")]
        public static partial void NoSet(ILogger logger, string path);
    }
}
