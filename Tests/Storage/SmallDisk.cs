using System.Diagnostics;

namespace NewLoom.Tests.Storage;

/// <summary>A small file system in memory that a test can really fill.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Mounts one; null when that is not allowed here.</summary>
    public static SmallDisk? TryMount(int megabytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var path = Directory.CreateTempSubdirectory("newloom-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path) == 0)
        {
            return new SmallDisk(path);
        }

        Directory.Delete(path);
        return null;
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var file = File.Create(Filler, bufferSize: 1);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Empty() => File.Delete(Filler);

    /// <summary>Lets files be opened for reading only, until the result is disposed; files that are open stay as they
    /// are.</summary>
    public IDisposable MakeReadOnly()
    {
        Assert.Equal(0, Run("mount", "--bind", Path, Path));
        Assert.Equal(0, Run("mount", "-o", "remount,bind,ro", Path));
        return new Mount(Path);
    }

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }

    private sealed class Mount(string path) : IDisposable
    {
        public void Dispose() => Run("umount", "--lazy", path);
    }
}
