using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Grains.Storage;
using NewLoom.Grains.Storage.PostgreSql;
using NewLoom.Grains.Storage.Sqlite;
using NewLoom.Tests.Support;
using Npgsql;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;

namespace NewLoom.Tests.Storage;

/// <summary>Grain state and stream subscriptions on the database file, in real silos.</summary>
public sealed class GrainStorageTests : IDisposable
{
    private readonly TestDatabase _database = new();

    private NpgsqlDataSource? _source;

    public void Dispose()
    {
        _source?.Dispose();
        _database.Dispose();
    }

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
    public async Task OneFirstWriteAlone_Succeeds_WhenManyComeAtOnce()
    {
        await using var cluster = await StartAsync();
        var storage = cluster.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("Default");
        var id = GrainId.Create("note", "first");
        var written = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                var state = new GrainState<NoteState>(new NoteState { Text = $"{i}" });
                await storage.WriteStateAsync("note", id, state);
                return state.State?.Text;
            }
            catch (InconsistentStateException)
            {
                return null;
            }
        }));

        var read = new GrainState<NoteState>();
        await storage.ReadStateAsync("note", id, read);
        Assert.Equal(Assert.Single(written, text => text is not null), read.State?.Text);
    }

    [Fact]
    public async Task Write_IsUnavailable_WhenTheDatabaseIsLocked()
    {
        await using var cluster = await StartAsync();
        var storage = cluster.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("Default");
        var state = new GrainState<NoteState>(new NoteState { Text = "late" });
        await using (_database.Lock())
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(
                () => storage.WriteStateAsync("note", GrainId.Create("note", "locked"), state));
        }

        await storage.WriteStateAsync("note", GrainId.Create("note", "locked"), state);
    }

    private async Task<InProcessTestCluster> StartAsync()
    {
        if (_database.IsFile)
        {
            SqliteMigrations.Apply(_database.ConnectionString, NullLogger.Instance);
        }

        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ServiceId = "newloom-test";
        builder.ConfigureSilo((_, silo) => AddStorage(silo).AddMemoryStreams("memory"));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    private ISiloBuilder AddStorage(ISiloBuilder silo)
    {
        if (_database.IsFile)
        {
            return silo.AddNewLoomStorage(_database.ConnectionString);
        }

        _source ??= PostgreSqlSource.Create(_database.ConnectionString);
        return silo.AddNewLoomStorage(_source);
    }
}
