namespace NewLoom.Tests.Deploy;

/// <summary>The files that say how the service is deployed.</summary>
internal static class DeployFiles
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Deploy", "tree");

    /// <summary>The full path of one.</summary>
    /// <param name="parts">Its path in the repository; project files are at its top.</param>
    public static string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>The folder of the scripts that hold files against schemas, in what NodeClients takes.</summary>
    public static string Schemas => Path.Combine("Deploy", "schemas");
}
