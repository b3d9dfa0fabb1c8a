using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;

namespace NewLoom.Grains.Storage;

/// <summary>Puts a silo's storage together.</summary>
public static class StorageHosting
{
    private const string SqliteInvariant = "System.Data.SQLite";

    private static readonly TimeSpan ReminderPeriodMin = TimeSpan.FromSeconds(5);

    /// <summary>Adds the message log, the chat, stream and audit stores, reminders, and grain storage (the default one
    /// and that of stream subscriptions), all on one SQLite file.</summary>
    /// <remarks><see cref="SqliteMigrations.Apply"/> must have run. Bounds: <see cref="StorageOptions"/>, section
    /// <c>Storage</c>.</remarks>
    /// <exception cref="StorageSetupException">The connection string names no file.</exception>
    public static ISiloBuilder AddNewLoomStorage(this ISiloBuilder silo, string connectionString)
    {
        var file = new SqliteFile(connectionString);
        var services = silo.Services;
        services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>().BindConfiguration("Storage");
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(file);
        services.AddSingleton<SqliteWriter>();
        services.AddSingleton<SqliteReaders>();
        services.AddSingleton<IMessageLog, SqliteMessageLog>();
        services.AddSingleton<IChatStore, SqliteChatStore>();
        services.AddSingleton<IStreamStore, SqliteStreamStore>();
        services.AddSingleton<IAuditStore, SqliteAuditStore>();
        services.AddSingleton<StatsWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<StatsWriter>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StorageLifetime>();
        services.AddSingleton<GrainStateDataSource>();
        services.AddSingleton<SystemTextJsonGrainStorageSerializer>();

        // A lease is the period of its reminder, and the shortest lease is 5 s.
        silo.AddReminders();
        services.AddSingleton<IReminderTable, SqliteReminderTable>();
        services.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = ReminderPeriodMin);

        // Stream subscriptions keep Orleans' default serializer: System.Text.Json cannot read their publishers back.
        silo.AddAdoNetGrainStorageAsDefault(options => UseFile(options)
            .Configure<SystemTextJsonGrainStorageSerializer>((o, json) => o.GrainStorageSerializer = json));
        silo.AddAdoNetGrainStorage("PubSubStore", options => UseFile(options));
        return silo;
    }

    private static OptionsBuilder<AdoNetGrainStorageOptions> UseFile(
        OptionsBuilder<AdoNetGrainStorageOptions> options) =>
        options.Configure<GrainStateDataSource>((o, source) =>
        {
            o.Invariant = SqliteInvariant;
            o.DataSource = source;
        });
}
