using System.Text.Json;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace NewLoom.Gateway.Authentication.Jwt;

/// <summary>Keys out of a file, looked at for each token, so that whoever replaces the file changes the keys at
/// once.</summary>
/// <remarks>A file that is missing or half written leaves the keys as they were. A set without keys is taken at its word:
/// no token passes then.</remarks>
internal sealed partial class JwksFile(string path, ILogger<JwksFile> logger)
    : IConfigurationManager<OpenIdConnectConfiguration>
{
    private readonly Lock _lock = new();
    private FileVersion? _version = default(FileVersion);    // of no file
    private OpenIdConnectConfiguration _keys = new();

    /// <summary>What is wrong with the file, or null when it holds a key that can be used.</summary>
    public static string? FindProblem(string path)
    {
        try
        {
            return Read(path).SigningKeys.Count > 0 ? null : $"{path} must hold a key for RS256, ES256 or HS256.";
        }
        catch (Exception e) when (IsNoFile(e) || IsNoSet(e))
        {
            return IsNoFile(e) ? $"{path} cannot be read: {e.Message}" : $"{path} must be a JWK set.";
        }
    }

    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        lock (_lock)
        {
            if (FindVersion(path) is var version && version != _version)
            {
                _version = version;
                Load();
            }

            return Task.FromResult(_keys);
        }
    }

    public void RequestRefresh()
    {
        // The file is looked at each time.
    }

    private void Load()
    {
        try
        {
            _keys = Read(path);
            Log.Loaded(logger, path, _keys.SigningKeys.Count);
        }
        catch (Exception e) when (IsNoFile(e) || IsNoSet(e))
        {
            Log.NotLoaded(logger, path, e.GetType().Name);
        }
    }

    private static OpenIdConnectConfiguration Read(string path)
    {
        var keys = new OpenIdConnectConfiguration();
        foreach (var key in new JsonWebKeySet(File.ReadAllText(path)).GetSigningKeys().Where(UsableKeys.Has))
        {
            keys.SigningKeys.Add(key);
        }

        return keys;
    }

    private static FileVersion? FindVersion(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);    // of what a link leads to: mounted secrets are links
            return new FileVersion(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));
        }
        catch (Exception e) when (IsNoFile(e))
        {
            return null;
        }
    }

    private static bool IsNoFile(Exception e) => e is IOException or UnauthorizedAccessException;

    private static bool IsNoSet(Exception e) => e is JsonException or ArgumentException or FormatException;

    private readonly record struct FileVersion(DateTime WrittenAt, long Bytes);
}
