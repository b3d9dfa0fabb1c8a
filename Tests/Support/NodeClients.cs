namespace NewLoom.Tests.Support;

/// <summary>JavaScript files of a folder of the tests with their npm packages, in a folder of their own.</summary>
public sealed class NodeClients : IDisposable
{
    private const int InstallTries = 2;

    private static readonly TimeSpan InstallLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(30);
    private string? _folder;

    /// <summary>The folder, beside the tests.</summary>
    public string Source { get; init; } = "Clients";

    /// <summary>Where the clients' own files are, without packages.</summary>
    public static string SourceFolder => Path.Combine(AppContext.BaseDirectory, "Clients");

    /// <summary>Runs a script with node; the first call installs the packages.</summary>
    public async Task<ProgramRun> RunAsync(string script, params string[] arguments)
    {
        var node = Requirement.Program("node", "nodejs");
        _folder ??= await InstallAsync();
        return await ProgramRun.OfAsync(
            node, _folder, RunLimit, TestContext.Current.CancellationToken, [script, .. arguments]);
    }

    public void Dispose()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task<string> InstallAsync()
    {
        var npm = Requirement.Program("npm");
        var folder = Directory.CreateTempSubdirectory("newloom-clients-").FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, Source)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        for (var tryCount = 1; ; tryCount++)
        {
            // The registry may be slow to answer once; a lock file makes each try the same.
            var run = await ProgramRun.OfAsync(
                npm, folder, InstallLimit, TestContext.Current.CancellationToken, "ci", "--no-audit", "--no-fund");
            if (run.ExitCode == 0)
            {
                return folder;
            }

            Assert.False(tryCount == InstallTries, $"npm ci failed:\n{run.Output}\n{run.Errors}");
        }
    }
}
