using System.Net;
using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.Identity.BuiltIn;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Migrations;
using Dbaas.Persistence.Rows;
using Dbaas.Standalone.Configuration;
using Dbaas.TaskManager;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.TaskManager.Guests.Releases;
using Dbaas.TaskManager.Upkeep;
using Dbaas.TroveApi;

namespace Dbaas.Standalone.Hosting;

/// <summary>Puts the parts together and runs them.</summary>
internal static class Service
{
    public static async Task RunAsync(ServiceSettings settings, string statePath, string agent, CancellationToken cancellationToken)
    {
        var state = new StateFolder(statePath);
        using var onlyOne = ServiceLock.Take(statePath);
        var deployment = await MigrateAsync(settings, state, cancellationToken);
        var host = await HostAddressAsync(services => services.AddPlane(settings, statePath, agent, deployment), cancellationToken);
        var gatewayPort = state.GatewayPort(host);
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
            kestrel.Listen(IPAddress.Parse(settings.ListenAddress), settings.IdentityPort);
            kestrel.ListenForGuests(host, gatewayPort, authority);
        });
        AddServices(builder.Services, settings, state, services => services.AddPlane(settings, statePath, agent, deployment));
        builder.Services
            .AddSingleton(authority)
            .AddSingleton(new AgentReleaseFile(settings.AgentRelease ?? agent))
            .AddSingleton(new GuestAccess([$"https://{host}:{gatewayPort}"], authority.CertificatesPem));

        await using var app = builder.Build();
        await StartUp.PrepareAsync(app.Services, settings, cancellationToken);
        MapPorts(app, settings, gatewayPort);
        await app.StartAsync(cancellationToken);
        foreach (var (file, user) in LoginFiles(settings, state))
        {
            // Whoever waits for the service waits for these.
            StateFolder.Write(file, Openrc.Text(IdentityUrl(settings), $"http://{Host(settings)}:{settings.ApiPort}", user));
        }

        await app.WaitForShutdownAsync(cancellationToken);
    }

    // The gateway's address is the plane's to say, and has to be known before anything listens.
    private static async Task<IPAddress> HostAddressAsync(Func<IServiceCollection, IServiceCollection> addPlane, CancellationToken cancellationToken)
    {
        await using var provider = addPlane(new ServiceCollection().AddLogging()).BuildServiceProvider();
        return await provider.GetRequiredService<INetworks>().EnsureHostAddressAsync(cancellationToken);
    }

    // Brings the database to this build's form. The mark on what a plane holds is in it, so that a service that moves to another machine keeps it.
    private static async Task<string> MigrateAsync(ServiceSettings settings, StateFolder state, CancellationToken cancellationToken)
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
                state.Key("control-database"),
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
                    ConfirmAgentWithin = TimeSpan.FromSeconds(settings.AgentConfirmSeconds),
                },
                new RetentionOptions
                {
                    Operations = TimeSpan.FromDays(settings.OperationDays),
                    HistoryOfDeleted = TimeSpan.FromDays(settings.HistoryDays),
                })
            .AddBuiltInIdentity(new BuiltInIdentityOptions
            {
                TokenKey = state.Key("tokens"),
                DatabaseEndpoint = $"{settings.PublicEndpoint ?? $"http://{Host(settings)}:{settings.ApiPort}"}/v1.0/%(project)s",
                IdentityEndpoint = IdentityUrl(settings),
                Projects = [.. Users(settings, state).Select(user => user.Project).Distinct().Select(name => new BuiltInProject(Ids.Of(name), name))],
                Users = [.. Users(settings, state).Select(user => new BuiltInUser(
                    Ids.Of("user:" + user.Name), user.Name, user.Password,
                    new Dictionary<string, IReadOnlyList<string>> { [Ids.Of(user.Project)] = user.Roles }))],
            })
            .AddTroveApi(new TroveApiOptions
            {
                PublicEndpoint = settings.PublicEndpoint,
                IdentityEndpoint = IdentityUrl(settings),
                RateLimitPerMinute = settings.RateLimitPerMinute,
                MaxVolumeSizeGb = settings.MaxVolumeSizeGb,
                SilentAfter = TimeSpan.FromSeconds(settings.SilentSeconds),
                DefaultDatastore = settings.DefaultDatastore,
                BinaryLogDefault = settings.BinaryLog,
                Quotas = new TroveApiOptions().Quotas.ToDictionary(
                    pair => pair.Key, pair => settings.Quotas.TryGetValue(pair.Key, out var limit) ? limit : pair.Value),
            });

    // One server, three doors: each port has its own routes and none of the others'.
    private static void MapPorts(WebApplication app, ServiceSettings settings, int gatewayPort)
    {
        Branch(settings.ApiPort, routes => routes.MapTroveApi());
        Branch(settings.IdentityPort, routes => routes.MapBuiltInIdentity());
        Branch(gatewayPort, routes => routes.MapGuestGateway());

        void Branch(int port, Action<IEndpointRouteBuilder> map) => app.MapWhen(
            context => context.Connection.LocalPort == port,
            branch =>
            {
                branch.UseRouting();
                branch.UseEndpoints(map);
            });
    }

    private static IReadOnlyList<UserSetting> Users(ServiceSettings settings, StateFolder state) => settings.Users.Count > 0
        ? [.. settings.Users.Select(user => user.Roles.Count > 0 ? user : user with { Roles = ["member"] })]
        :
        [
            new UserSetting { Name = "demo", Password = state.Password("demo"), Project = "demo", Roles = ["member"] },
            new UserSetting { Name = "admin", Password = state.Password("admin"), Project = "admin", Roles = ["admin", "member"] },
        ];

    private static IEnumerable<(string File, UserSetting User)> LoginFiles(ServiceSettings settings, StateFolder state)
    {
        var users = Users(settings, state);
        yield return (state.Openrc, users[0]);
        if (users.FirstOrDefault(user => user.Roles.Contains("admin")) is { } admin)
        {
            yield return (state.AdminOpenrc, admin);
        }
    }

    // Who listens on every address is reached on this machine by its own.
    private static string Host(ServiceSettings settings) =>
        IPAddress.Parse(settings.ListenAddress).Equals(IPAddress.Any) ? IPAddress.Loopback.ToString() : settings.ListenAddress;

    private static string IdentityUrl(ServiceSettings settings) =>
        settings.PublicIdentityEndpoint ?? $"http://{Host(settings)}:{settings.IdentityPort}/v3";
}
