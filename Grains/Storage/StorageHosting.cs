using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NewLoom.Grains.Storage.PostgreSql;
using NewLoom.Grains.Storage.Sqlite;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace NewLoom.Grains.Storage;

/// <summary>Puts a silo's storage together: the message log, the chat, stream and audit stores, reminders, and grain
/// storage (the default one and that of stream subscriptions), all in one database.</summary>
public static class StorageHosting
{
    private const string DefaultStorage = "Default";
    private const string SubscriptionStorage = "PubSubStore";
    private const string SqliteInvariant = "System.Data.SQLite";
    private const string PostgreSqlInvariant = "Npgsql";

    private static readonly TimeSpan ReminderPeriodMin = TimeSpan.FromSeconds(5);

    /// <summary>Adds storage in a SQLite file, for one silo.</summary>
    /// <remarks><see cref="SqliteMigrations.Apply"/> must have run. Bounds: <see cref="StorageOptions"/>, section
    /// <c>Storage</c>.</remarks>
    /// <exception cref="StorageSetupException">The connection string names no file.</exception>
    public static ISiloBuilder AddNewLoomStorage(this ISiloBuilder silo, string connectionString)
    {
        var database = new SqliteDatabase(connectionString);
        var services = silo.AddStores().Services;
        services.AddSingleton(database).AddSingleton<Database>(database);
        services.AddSingleton<GrainStateDataSource>();
        services.AddSingleton<IReminderTable, SqliteReminderTable>();

        // Stream subscriptions keep Orleans' default serializer: System.Text.Json cannot read their publishers back.
        silo.AddAdoNetGrainStorageAsDefault(options => UseFile(options)
            .Configure<SystemTextJsonGrainStorageSerializer>((o, json) => o.GrainStorageSerializer = json));
        silo.AddAdoNetGrainStorage(SubscriptionStorage, options => UseFile(options));
        return silo;
    }

    /// <summary>Adds storage in a PostgreSQL database, for any number of silos.</summary>
    /// <remarks><see cref="PostgreSqlMigrations.ApplyAsync"/> must have run. The source is the process's only one: it is
    /// registered, so that the cluster's membership uses it too, and remains the caller's. Bounds:
    /// <see cref="StorageOptions"/>, section <c>Storage</c>.</remarks>
    public static ISiloBuilder AddNewLoomStorage(this ISiloBuilder silo, NpgsqlDataSource source)
    {
        var services = silo.AddStores().Services;
        services.AddSingleton(source);
        services.AddSingleton<Database>(provider =>
        {
            var self = provider.GetRequiredService<ILocalSiloDetails>();
            return new PostgreSqlDatabase(source, new MemberFence(self.ClusterId, self.SiloAddress));
        });
        silo.UseAdoNetReminderService(options => options.Configure(o =>
            (o.Invariant, o.DataSource) = (PostgreSqlInvariant, source)));
        TellReminderOutages(services);
        silo.AddAdoNetGrainStorageAsDefault(options => UseServer(options, source)
            .Configure<SystemTextJsonGrainStorageSerializer>((o, json) => o.GrainStorageSerializer = json));
        silo.AddAdoNetGrainStorage(SubscriptionStorage, options => UseServer(options, source));
        TellOutages(services, DefaultStorage);
        TellOutages(services, SubscriptionStorage);
        return silo;
    }

    private static ISiloBuilder AddStores(this ISiloBuilder silo)
    {
        var services = silo.Services;
        services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>().BindConfiguration("Storage");
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton<StorageWriter>();
        services.AddSingleton<StorageReaders>();
        services.AddSingleton<IMessageLog, MessageLog>();
        services.AddSingleton<IChatStore, ChatStore>();
        services.AddSingleton<IStreamStore, StreamStore>();
        services.AddSingleton<IAuditStore, AuditStore>();
        services.AddSingleton<IStorageProbe, StorageProbe>();
        services.AddSingleton<StatsWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<StatsWriter>());
        services.AddHostedService<TopicPurge>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StorageLifetime>();
        services.AddSingleton<SystemTextJsonGrainStorageSerializer>();

        // A lease is the period of its reminder, and the shortest lease is 5 s.
        silo.AddReminders();
        services.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = ReminderPeriodMin);
        return silo;
    }

    private static OptionsBuilder<AdoNetGrainStorageOptions> UseFile(
        OptionsBuilder<AdoNetGrainStorageOptions> options) =>
        options.Configure<GrainStateDataSource>((o, source) =>
            (o.Invariant, o.DataSource) = (SqliteInvariant, source));

    private static OptionsBuilder<AdoNetGrainStorageOptions> UseServer(
        OptionsBuilder<AdoNetGrainStorageOptions> options, NpgsqlDataSource source) =>
        options.Configure(o => (o.Invariant, o.DataSource) = (PostgreSqlInvariant, source));

    /// <summary>Puts <see cref="OutageGrainStorage"/> around a grain storage that was added.</summary>
    private static void TellOutages(IServiceCollection services, string name) =>
        services.Replace(ServiceDescriptor.KeyedSingleton<IGrainStorage>(name, (provider, _) =>
            new OutageGrainStorage(AdoNetGrainStorageFactory.Create(provider, name))));

    /// <summary>Puts <see cref="OutageReminderTable"/> around the reminder table that was added; its type is Orleans'
    /// own.</summary>
    private static void TellReminderOutages(IServiceCollection services)
    {
        var added = services.Last(service => service.ServiceType == typeof(IReminderTable)).ImplementationType!;
        services.Replace(ServiceDescriptor.Singleton<IReminderTable>(provider => new OutageReminderTable(
            (IReminderTable)ActivatorUtilities.CreateInstance(provider, added),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IHostApplicationLifetime>())));
    }
}
