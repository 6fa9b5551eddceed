using System.Net;
using Dbaas.Cloud.Keys;
using Dbaas.Cloud.Local.Objects;
using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.Identity.BuiltIn;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Migrations;
using Dbaas.Persistence.Rows;
using Dbaas.Standalone.Configuration;
using Dbaas.TaskManager;
using Dbaas.TaskManager.Archives;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.TaskManager.Guests.Releases;
using Dbaas.TaskManager.Upkeep;
using Dbaas.TroveApi;
using Dbaas.TroveApi.Logs;

namespace Dbaas.Standalone.Hosting;

/// <summary>Puts the parts together and runs them.</summary>
internal static class Service
{
    /// <param name="settings">The configuration.</param>
    /// <param name="configuration">The file that it is from; null: none.</param>
    /// <param name="statePath">The state folder.</param>
    /// <param name="agent">The published agent, for the local plane.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task RunAsync(
        ServiceSettings settings, string? configuration, string statePath, string agent, CancellationToken cancellationToken)
    {
        var state = new StateFolder(statePath);
        using var onlyOne = ServiceLock.Take(statePath);
        Ports.Check(settings);
        Stores.Check(settings);
        state.KeepConfiguration(configuration);
        var deployment = await MigrateAsync(settings, state, cancellationToken);
        var notIsolatedBecause = await Planes.WhyNotIsolatedAsync(settings, statePath, cancellationToken);
        Stores.CheckReach(settings, notIsolatedBecause);
        state.KeepNotIsolated(notIsolatedBecause);
        IServiceCollection AddPlane(IServiceCollection services) =>
            services.AddPlane(settings, statePath, agent, deployment, notIsolatedBecause);
        var (host, gatewayPort) = await GatewayAsync(AddPlane, state, cancellationToken);
        using var authority = new CertificateAuthority(
            new FileCertificateAuthorityStore(state.CertificateAuthority),
            TimeProvider.System,
            grace: TimeSpan.FromDays(settings.CertificateGraceDays));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.ListenAddress), settings.ApiPort);
            if (settings.Identity == IdentityKind.BuiltIn)
            {
                kestrel.Listen(IPAddress.Parse(settings.ListenAddress), settings.IdentityPort);
            }

            kestrel.ListenForGuests(host, gatewayPort, authority);
        });
        AddServices(builder.Services, settings, state, AddPlane);
        builder.Services
            .AddSingleton(authority)
            .AddSingleton(new AgentReleaseFile(settings.AgentRelease ?? agent))
            .AddSingleton(new GuestAccess([$"https://{host}:{gatewayPort}"], authority.CertificatesPem));

        await using var app = builder.Build();
        await StartUp.PrepareAsync(app.Services, settings, cancellationToken);
        MapPorts(app, settings, gatewayPort);
        await app.StartAsync(cancellationToken);
        // Whoever waits for the service waits for these.
        Identities.WriteLoginFiles(settings, state);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    // The gateway's address is the plane's to say, and has to be known before anything listens.
    private static async Task<(IPAddress Host, int Port)> GatewayAsync(
        Func<IServiceCollection, IServiceCollection> addPlane, StateFolder state, CancellationToken cancellationToken)
    {
        await using var provider = addPlane(new ServiceCollection().AddLogging()).BuildServiceProvider();
        var networks = provider.GetRequiredService<INetworks>();
        var host = await networks.EnsureHostAddressAsync(cancellationToken);
        var port = state.GatewayPort(host);
        await networks.EnsureGatewayAccessAsync(port, cancellationToken);
        return (host, port);
    }

    // Brings the database to this build's form. The mark on what a plane holds is in it, so that a service that moves to another machine
    // keeps it.
    internal static async Task<string> MigrateAsync(ServiceSettings settings, StateFolder state, CancellationToken cancellationToken)
    {
        await using var provider = AddDatabase(new ServiceCollection().AddLogging(), settings, state).BuildServiceProvider();
        var database = provider.GetRequiredService<IDatabase>();
        await Migrator.MigrateAsync(database, provider.GetRequiredService<IIdSource>(), cancellationToken);
        return await database.ReadAsync(ControlPlaneRows.DeploymentId, cancellationToken);
    }

    private static IServiceCollection AddDatabase(IServiceCollection services, ServiceSettings settings, StateFolder state) =>
        services
            .AddSingleton(TimeProvider.System)
            .AddPersistence(
                provider => settings.Database.Count == 0
                    ? new SqliteDialect(state.Database, provider.GetRequiredService<TimeProvider>())
                    : new MySqlDialect(settings.Database),
                state.Keys("control-database"),
                settings.DatabaseThreads);

    private static void AddServices(
        IServiceCollection services, ServiceSettings settings, StateFolder state, Func<IServiceCollection, IServiceCollection> addPlane) =>
        addPlane(AddDatabase(services, settings, state))
            .AddTaskManager(
                new RunnerOptions
                {
                    Owner = new RandomIdSource(TimeProvider.System).NewId(),
                    Lease = TimeSpan.FromSeconds(settings.LeaseSeconds),
                    Parallel = settings.ParallelOperations,
                },
                new GuestOptions
                {
                    ReportInterval = TimeSpan.FromSeconds(settings.ReportSeconds),
                    SilentAfter = TimeSpan.FromSeconds(settings.SilentSeconds),
                    StartsWithin = TimeSpan.FromSeconds(settings.GuestStartSeconds),
                    ConfirmAgentWithin = TimeSpan.FromSeconds(settings.AgentConfirmSeconds),
                },
                new RetentionOptions
                {
                    Operations = TimeSpan.FromDays(settings.OperationDays),
                    HistoryOfDeleted = TimeSpan.FromDays(settings.HistoryDays),
                },
                new BackupOptions
                {
                    RecoveryRecipient = settings.Backups.RecoveryRecipient,
                    PreferSlaves = settings.Backups.PreferSlaves,
                    BytesPerSecond = (long?)(settings.Backups.MegabytesPerSecond * 1_000_000),
                    SlavesFromBackups = settings.Backups.SlavesFromBackups,
                    VerifyAtOnce = settings.Backups.VerifyAtOnce,
                },
                new ArchiveOptions
                {
                    Every = TimeSpan.FromSeconds(settings.Backups.ArchiveSeconds),
                })
            .AddSingleton<IKeyMaker, AgeKeyMaker>()
            .AddSingleton<IPublishedLogs, PublishedLogs>()
            .AddStore(settings, state)
            .AddForeignStore(settings)
            .AddIdentity(settings, state)
            .AddTroveApi(new TroveApiOptions
            {
                PublicEndpoint = settings.PublicEndpoint,
                IdentityEndpoint = Identities.AddressOf(settings),
                NetworksAreUuids = settings.Plane == PlaneKind.OpenStack,
                RateLimitPerMinute = settings.RateLimitPerMinute,
                MaxVolumeSizeGb = settings.MaxVolumeSizeGb,
                MaxBackupSchedules = settings.Backups.MaxSchedules,
                ReadsForeignBackups = settings.Backups.Trove is not null,
                OffersVerification = settings.Backups.VerifyAtOnce > 0,
                SilentAfter = TimeSpan.FromSeconds(settings.SilentSeconds),
                DefaultDatastore = settings.DefaultDatastore,
                BinaryLogDefault = settings.BinaryLog,
                Quotas = new TroveApiOptions().Quotas.ToDictionary(
                    pair => pair.Key, pair => settings.Quotas.TryGetValue(pair.Key, out var limit) ? limit : pair.Value),
            });

    // One server, a door for each: every port has its own routes and none of the others'.
    private static void MapPorts(WebApplication app, ServiceSettings settings, int gatewayPort)
    {
        Branch(settings.ApiPort, routes => routes.MapTroveApi());
        if (settings.Identity == IdentityKind.BuiltIn)
        {
            Branch(settings.IdentityPort, routes => routes.MapBuiltInIdentity());
        }

        Branch(gatewayPort, routes => routes.MapGuestGateway());

        void Branch(int port, Action<IEndpointRouteBuilder> map) => app.MapWhen(
            context => context.Connection.LocalPort == port,
            branch =>
            {
                branch.UseRouting();
                branch.UseEndpoints(map);
            });
    }
}
