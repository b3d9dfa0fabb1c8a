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
    private string? _text = "";
    private OpenIdConnectConfiguration _keys = new();

    /// <summary>What is wrong with the file, or null when it holds a key that can be used.</summary>
    public static string? FindProblem(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path)).SigningKeys.Count > 0 ? null : $"{path} must hold a key for RS256, ES256 or HS256.";
        }
        catch (Exception e) when (IsNoFile(e) || IsNoSet(e))
        {
            return IsNoFile(e) ? $"{path} cannot be read: {e.Message}" : $"{path} must be a JWK set.";
        }
    }

    /// <remarks>Not on the caller's thread, which may be the one of many connections.</remarks>
    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) =>
        Task.Run(FindKeys, cancel);

    public void RequestRefresh()
    {
        // The file is looked at each time.
    }

    private OpenIdConnectConfiguration FindKeys()
    {
        lock (_lock)
        {
            // All of it, since neither time nor length tells a file from the one that replaced it; a few kilobytes.
            if (FindText() is var text && text != _text)
            {
                _text = text;
                Load(text);
            }

            return _keys;
        }
    }

    private void Load(string? text)
    {
        if (text is null)
        {
            Log.NotRead(logger, path);
            return;
        }

        try
        {
            _keys = Parse(text);
            Log.Loaded(logger, path, _keys.SigningKeys.Count);
        }
        catch (Exception e) when (IsNoSet(e))
        {
            Log.NoSet(logger, path);
        }
    }

    private string? FindText()
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (IsNoFile(e))
        {
            return null;
        }
    }

    private static OpenIdConnectConfiguration Parse(string text)
    {
        var keys = new OpenIdConnectConfiguration();
        var set = new JsonWebKeySet(text) { SkipUnresolvedJsonWebKeys = false };
        foreach (var key in set.GetSigningKeys().Select(Resolve))
        {
            if (UsableKeys.Has(key))
            {
                keys.SigningKeys.Add(key);
            }
        }

        return keys;
    }

    /// <summary>Secrets come out of a set as they were written.</summary>
    private static SecurityKey Resolve(SecurityKey key) =>
        key is JsonWebKey written && JsonWebKeyConverter.TryConvertToSecurityKey(written, out var resolved)
            ? resolved
            : key;

    private static bool IsNoFile(Exception e) => e is IOException or UnauthorizedAccessException;

    private static bool IsNoSet(Exception e) => e is JsonException or ArgumentException or FormatException;
}
