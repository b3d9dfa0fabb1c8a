using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Grains.Storage;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;

namespace NewLoom.Tests.Storage;

/// <summary>Grain state and stream subscriptions on the database file, in real silos.</summary>
public sealed class GrainStorageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task State_SurvivesARestartOfTheCluster()
    {
        await using (var cluster = await StartAsync())
        {
            var notes = Enumerable.Range(0, 20).Select(i => cluster.Client.GetGrain<INoteGrain>($"note:{i}"));
            await Task.WhenAll(notes.Select(note => note.WriteAsync("kept", 41)));
            await cluster.Client.GetGrain<INoteGrain>("note:0").WriteAsync("kept still", 42);
        }

        await using (var cluster = await StartAsync())
        {
            Assert.Equal(("kept still", 42), await cluster.Client.GetGrain<INoteGrain>("note:0").ReadAsync());
            Assert.Equal(("kept", 41), await cluster.Client.GetGrain<INoteGrain>("note:19").ReadAsync());
            Assert.Equal((null, 0), await cluster.Client.GetGrain<INoteGrain>("note:20").ReadAsync());
            await cluster.Client.GetGrain<INoteGrain>("note:0").ClearAsync();
            await cluster.Client.GetGrain<INoteGrain>("note:0").WriteAsync("new", 1);
            Assert.Equal(("new", 1), await cluster.Client.GetGrain<INoteGrain>("note:0").ReadAsync());
        }
    }

    [Fact]
    public async Task Subscriptions_SurviveARestartOfTheCluster()
    {
        await using (var cluster = await StartAsync())
        {
            var note = cluster.Client.GetGrain<INoteGrain>("note:listener");
            await note.SubscribeAsync();
            await note.PublishAsync("first");
        }

        await using (var cluster = await StartAsync())
        {
            Assert.Equal(1, await cluster.Client.GetGrain<INoteGrain>("note:listener").CountSubscriptionsAsync());
            await cluster.Client.GetGrain<INoteGrain>("note:listener").PublishAsync("second");
        }
    }

    [Fact]
    public async Task Write_IsRefused_WhenTheStateChangedMeanwhile()
    {
        await using var cluster = await StartAsync();
        var storage = cluster.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("Default");
        var id = GrainId.Create("note", "raced");
        var first = new GrainState<NoteState>(new NoteState { Text = "first" });
        await storage.WriteStateAsync("note", id, first);
        var stale = new GrainState<NoteState>(new NoteState(), first.ETag);
        await storage.WriteStateAsync("note", id, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", id, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => storage.WriteStateAsync("note", id, new GrainState<NoteState>(new NoteState())));
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => storage.WriteStateAsync("note", GrainId.Create("note", "missing"), stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("note", id, stale));

        var read = new GrainState<NoteState>();
        await storage.ReadStateAsync("note", id, read);
        Assert.Equal(("first", first.ETag), (read.State?.Text, read.ETag));
    }

    [Fact]
    public async Task Write_IsUnavailable_WhenTheDatabaseIsLocked()
    {
        await using var cluster = await StartAsync();
        var storage = cluster.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("Default");
        var state = new GrainState<NoteState>(new NoteState { Text = "late" });
        await using (TestStorage.Lock(_folder.ConnectionString))
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(
                () => storage.WriteStateAsync("note", GrainId.Create("note", "locked"), state));
        }

        await storage.WriteStateAsync("note", GrainId.Create("note", "locked"), state);
    }

    private async Task<InProcessTestCluster> StartAsync()
    {
        SqliteMigrations.Apply(_folder.ConnectionString, NullLogger.Instance);
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ServiceId = "newloom-test";
        builder.ConfigureSilo((_, silo) => silo.AddNewLoomStorage(_folder.ConnectionString).AddMemoryStreams("memory"));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
