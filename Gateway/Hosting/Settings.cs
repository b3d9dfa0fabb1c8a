namespace NewLoom.Gateway.Hosting;

/// <summary>Reads single values of the section <c>NewLoom</c> that must be known before anything starts.</summary>
internal static class Settings
{
    /// <summary>The value with one of the enum's names; without one, its first.</summary>
    /// <exception cref="ConfigurationException">It is none of them.</exception>
    public static T Choice<T>(IConfiguration configuration, string key)
        where T : struct, Enum
    {
        var text = configuration[key];
        if (text is null)
        {
            return default;
        }

        return Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new ConfigurationException(
                $"{key} must be {string.Join(" or ", Enum.GetNames<T>())}, but is '{text}'.");
    }

    /// <summary>Yes or no.</summary>
    /// <exception cref="ConfigurationException">It is neither.</exception>
    public static bool Flag(IConfiguration configuration, string key, bool otherwise)
    {
        var text = configuration[key];
        var value = otherwise;
        return text is null || bool.TryParse(text, out value)
            ? value
            : throw new ConfigurationException($"{key} must be true or false, but is '{text}'.");
    }

    /// <summary>A TCP port.</summary>
    /// <exception cref="ConfigurationException">It is none.</exception>
    public static int Port(IConfiguration configuration, string key, int otherwise)
    {
        var text = configuration[key];
        var port = otherwise;
        return text is null || (int.TryParse(text, out port) && port is >= 1 and <= TcpPort.Max)
            ? port
            : throw new ConfigurationException($"{key} must be a port from 1 to 65535, but is '{text}'.");
    }

    /// <summary>A name that is part of keys in the database.</summary>
    /// <exception cref="ConfigurationException">It is empty, too long, or holds other characters than letters, digits
    /// and hyphens.</exception>
    public static string Name(IConfiguration configuration, string key, string otherwise)
    {
        const int LengthMax = 100;
        var text = configuration[key] ?? otherwise;
        return text.Length is > 0 and <= LengthMax && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? text
            : throw new ConfigurationException(
                $"{key} must be 1 to {LengthMax} letters, digits and hyphens, but is '{text}'.");
    }
}
