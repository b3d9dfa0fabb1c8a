using NewLoom.Grains.Storage;

namespace NewLoom.Silo;

/// <summary>Keeps a second process off a database file, for as long as this one runs.</summary>
/// <remarks>Two processes on one file would each take chats for their own. The operating system takes the lock back
/// when the process dies, however it dies.</remarks>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;

    /// <exception cref="StorageSetupException">Another process holds the lock, or the folder cannot be
    /// written.</exception>
    public DatabaseLock(string databasePath)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(databasePath)!);
            _file = new FileStream($"{databasePath}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageSetupException(
                $"The database file {databasePath} (ConnectionStrings:NewLoom) cannot be locked for this process: " +
                e.Message,
                e);
        }
    }

    public void Dispose() => _file.Dispose();
}
