using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Simulation.Effects;
using Dbaas.TaskManager;
using Dbaas.TaskManager.Archives;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.TaskManager.Schedules;
using Dbaas.TaskManager.Upkeep;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Simulation.Running;

/// <summary>One life of a worker process: the real runner with the registered workflows, driven by hand.</summary>
public sealed class Worker : IDisposable
{
    /// <summary>How long a claim holds.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider services;
    private readonly IDatabase unwatched;

    private Worker(ServiceProvider services, IDatabase unwatched)
    {
        this.services = services;
        this.unwatched = unwatched;
    }

    /// <summary>The registered workflows.</summary>
    public Workflows Workflows => services.GetRequiredService<Workflows>();

    /// <summary>What guests talk to.</summary>
    internal IGuestDirectory Directory => services.GetRequiredService<IGuestDirectory>();

    /// <summary>What guests report to.</summary>
    internal GuestReports Reports => services.GetRequiredService<GuestReports>();

    private OperationRunner Runner => services.GetRequiredService<OperationRunner>();

    /// <summary>Works on one operation until it ends or waits.</summary>
    /// <returns>False: another worker has it, or it is not due.</returns>
    public Task<bool> RunAsync(string operationId) => Runner.RunAsync(operationId, CancellationToken.None);

    /// <summary>Ids of operations that are due.</summary>
    public Task<IReadOnlyList<string>> FindDueAsync() =>
        unwatched.ReadAsync<IReadOnlyList<string>>(
            unit => [.. OperationRows.FindDue(unit, TimeSpan.Zero, 100).Select(one => one.Id)], CancellationToken.None);

    /// <summary>What its upkeep of schedules does in one round.</summary>
    public Task LookAtSchedulesAsync() =>
        ActivatorUtilities.CreateInstance<DueSchedules>(services).LookAsync(CancellationToken.None);

    /// <inheritdoc />
    public void Dispose() => services.Dispose();

    internal static Worker Start(
        World world, IEffects effects, string owner, WorkflowChange? change, TimeSpan skew, IDatabase? own = null, TimeSpan? lease = null)
    {
        var database = own ?? world.Database;
        var cloud = new ObservedCloud(world.Cloud, world.Cloud, world.Cloud, effects);
        var objects = new ObservedObjects(world.Objects, world.Objects, effects);
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton<TimeProvider>(skew == TimeSpan.Zero ? world.Clock : new SkewedClock(world.Clock, skew))
            .AddSingleton<IIdSource>(world.Ids)
            .AddSingleton(world.Signals)
            .AddSingleton<IDatabase>(new ObservedDatabase(database, effects))
            .AddSingleton<ICompute>(cloud)
            .AddSingleton<IVolumes>(cloud)
            .AddSingleton<INetworks>(cloud)
            .AddSingleton<IObjects>(objects)
            .AddSingleton<IKeyMaker>(objects)
            .AddSingleton<IForeignObjects>(new ObservedForeign(world.Foreign, effects))
            .AddSingleton(new GuestAccess(["https://gateway.invalid"], "no certificate"))
            .AddTaskManager(
                new RunnerOptions { Owner = owner, Lease = lease ?? Lease, Chance = new Random(owner.Length).NextDouble },
                world.Guests,
                new RetentionOptions(),
                new BackupOptions(),
                new ArchiveOptions());
        if (change is not null)
        {
            services.AddSingleton(provider => new Workflows([.. change(
                cloud, cloud, cloud, provider.GetRequiredService<GuestCommands>(), provider.GetRequiredService<GuestAccess>())]));
        }

        return new Worker(services.BuildServiceProvider(), database);
    }
}
