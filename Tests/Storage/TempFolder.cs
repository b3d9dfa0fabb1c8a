namespace NewLoom.Tests.Storage;

/// <summary>A folder of its own for one database file.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("newloom-test-");

    public string DatabasePath => Path.Combine(_folder.FullName, "newloom.db");

    public string ConnectionString => $"Data Source={DatabasePath}";

    public void Dispose() => _folder.Delete(recursive: true);
}
