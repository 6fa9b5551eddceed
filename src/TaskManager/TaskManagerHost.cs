using System.Net;
using Dbaas.Cloud.Keys;
using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.Domain.Nodes;
using Dbaas.Hosting;
using Dbaas.Hosting.Configuration;
using Dbaas.Hosting.Nodes;
using Dbaas.Persistence;
using Dbaas.TaskManager.Archives;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.TaskManager.Guests.Releases;
using Dbaas.TaskManager.Upkeep;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.TaskManager;

/// <summary>The task manager with its plane and the door for guests, as the settings say, for a program that has a control plane.</summary>
public sealed class TaskManagerHost : IDisposable
{
    private readonly ServiceSettings settings;
    private readonly Func<IServiceCollection, IServiceCollection> addPlane;
    private readonly CertificateAuthority authority;
    private readonly NodeSeat seat;
    private readonly IPAddress host;
    private readonly int port;

    private TaskManagerHost(
        ServiceSettings settings,
        Func<IServiceCollection, IServiceCollection> addPlane,
        CertificateAuthority authority,
        NodeSeat seat,
        IPAddress host,
        int port)
    {
        (this.settings, this.addPlane, this.authority) = (settings, addPlane, authority);
        (this.seat, this.host, this.port) = (seat, host, port);
    }

    /// <summary>Where guests reach it.</summary>
    public string GatewayUrl => $"https://{host}:{port}";

    /// <summary>Finds out what the plane can do, and where guests will come.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="state">The state folder.</param>
    /// <param name="keys">The keys that all nodes have.</param>
    /// <param name="seat">The node's place in it.</param>
    /// <param name="deployment">The mark on all that is ours on the plane.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<TaskManagerHost> PrepareAsync(
        ServiceSettings settings,
        StateFolder state,
        MasterKeys keys,
        NodeSeat seat,
        string deployment,
        CancellationToken cancellationToken)
    {
        var notIsolatedBecause = await Planes.WhyNotIsolatedAsync(settings, cancellationToken);
        Stores.CheckReach(settings, notIsolatedBecause);
        state.KeepNotIsolated(notIsolatedBecause);
        IServiceCollection AddPlane(IServiceCollection services) => services.AddPlane(settings, deployment, notIsolatedBecause);
        int ChoosePort(IPAddress address) =>
            settings.GatewayPort ?? state.GatewayPort(address, seat.Program == Programs.Standalone ? null : seat.Name);
        var (host, port) = await GatewayAsync(AddPlane, ChoosePort, cancellationToken);
        await using var control = new ServiceCollection().AddLogging().AddControlPlane(settings, state, keys).BuildServiceProvider();
        var authority = new CertificateAuthority(
            await KeptAuthority.TakeAsync(
                control.GetRequiredService<IDatabase>(), state.FormerAuthority, TimeProvider.System, cancellationToken),
            TimeProvider.System,
            grace: TimeSpan.FromDays(settings.CertificateGraceDays));
        return new TaskManagerHost(settings, AddPlane, authority, seat, host, port);
    }

    /// <summary>Adds the task manager and all that it needs, and listens for guests.</summary>
    public void AddTo(WebApplicationBuilder builder)
    {
        if (settings.Broker.Url is not null)
        {
            builder.Services.AddNotices(new NoticeOptions());
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenForGuests(host, port, authority));
        addPlane(builder.Services)
            .AddForeignStore(settings)
            .AddSingleton<IKeyMaker, AgeKeyMaker>()
            .AddSingleton(authority)
            .AddSingleton(new AgentReleaseFile(settings.AgentRelease ?? settings.Agent))
            .AddSingleton(new GuestAccess([GatewayUrl], authority.CertificatesPem))
            .AddTaskManager(
                new RunnerOptions
                {
                    Owner = new RandomIdSource(TimeProvider.System).NewId(),
                    Seat = seat.Id,
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
                });
    }

    /// <summary>Maps the guests' routes.</summary>
    public void Map(WebApplication app) => app.MapPort(port, routes => routes.MapGuestGateway());

    /// <inheritdoc />
    public void Dispose() => authority.Dispose();

    // The gateway's address is the plane's to say, and has to be known before anything listens.
    private static async Task<(IPAddress Host, int Port)> GatewayAsync(
        Func<IServiceCollection, IServiceCollection> addPlane, Func<IPAddress, int> choosePort, CancellationToken cancellationToken)
    {
        await using var provider = addPlane(new ServiceCollection().AddLogging()).BuildServiceProvider();
        var networks = provider.GetRequiredService<INetworks>();
        var host = await networks.EnsureHostAddressAsync(cancellationToken);
        var port = choosePort(host);
        await networks.EnsureGatewayAccessAsync(port, cancellationToken);
        return (host, port);
    }
}
