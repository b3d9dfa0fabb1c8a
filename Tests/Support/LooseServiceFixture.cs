namespace NewLoom.Tests.Support;

/// <summary>One running service whose rate limits are out of the way.</summary>
public sealed class LooseServiceFixture() : ServiceFixture(new Dictionary<string, string?>
{
    ["NewLoom__Limits__MessagesPerSecond"] = "10000",
    ["NewLoom__Limits__MessagesBurst"] = "100000",
    ["NewLoom__Limits__FramesPerSecond"] = "10000",
    ["NewLoom__Limits__FrameBurst"] = "10000",
});

/// <summary>Tests that share one running service without rate limits.</summary>
[CollectionDefinition(Name)]
public sealed class LooseService : ICollectionFixture<LooseServiceFixture>
{
    public const string Name = "loose service";
}
