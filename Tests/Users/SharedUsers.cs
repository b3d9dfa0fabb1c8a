namespace NewLoom.Tests.Users;

/// <summary>Tests that share <see cref="UsersCluster"/>.</summary>
[CollectionDefinition]
public sealed class SharedUsers : ICollectionFixture<UsersCluster>;
