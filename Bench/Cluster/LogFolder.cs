namespace NewLoom.Bench.Cluster;

/// <summary>Where the processes of a cluster write their logs; a temporary folder is kept when something was
/// wrong.</summary>
internal sealed class LogFolder : IDisposable
{
    private readonly bool _isTemporary;
    private bool _isClean;

    /// <summary>Makes the folder.</summary>
    /// <param name="path">The folder, or null for a temporary one.</param>
    public LogFolder(string? path)
    {
        _isTemporary = path is null;
        Path = path is null
            ? Directory.CreateTempSubdirectory("newloom-chaos-").FullName
            : Directory.CreateDirectory(path).FullName;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Says how the run ended.</summary>
    public async Task EndAsync(bool isClean)
    {
        _isClean = isClean;
        if (!isClean || !_isTemporary)
        {
            await Console.Error.WriteLineAsync($"Logs of the processes: {Path}");
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_isTemporary && _isClean)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
