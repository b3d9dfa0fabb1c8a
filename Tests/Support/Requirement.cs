namespace NewLoom.Tests.Support;

/// <summary>What a test needs of the machine. Where it is missing the test is skipped and says so.</summary>
/// <remarks>With <c>NEWLOOM_REQUIRE_ALL=1</c> it fails instead, so that a complete run leaves nothing out.</remarks>
public static class Requirement
{
    private const string RequireAllVariable = "NEWLOOM_REQUIRE_ALL";

    /// <summary>The full path of the first of these programs that is on the PATH.</summary>
    public static string Program(params string[] names)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var paths = from name in names from folder in folders select Path.Combine(folder, name);
        var found = paths.FirstOrDefault(File.Exists);
        Demand(found is not null, $"{string.Join(" or ", names)} on the PATH");
        return found!;
    }

    /// <summary>Skips or fails the running test unless the machine has the part.</summary>
    public static void Demand(bool isThere, string part)
    {
        if (isThere)
        {
            return;
        }

        var reason = $"This machine has no {part}.";
        if (Environment.GetEnvironmentVariable(RequireAllVariable) == "1")
        {
            Assert.Fail($"{reason} {RequireAllVariable}=1 demands it.");
        }

        Assert.Skip($"{reason} {RequireAllVariable}=1 makes this a failure.");
    }
}
