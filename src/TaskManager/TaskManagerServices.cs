using Dbaas.Cloud.Logs;
using Dbaas.Cloud.Ports;
using Dbaas.Domain;
using Dbaas.TaskManager.Archives;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.TaskManager.Guests.Releases;
using Dbaas.TaskManager.Operations.ArchiveLog;
using Dbaas.TaskManager.Operations.Configuring;
using Dbaas.TaskManager.Operations.CreateBackup;
using Dbaas.TaskManager.Operations.CreateInstance;
using Dbaas.TaskManager.Operations.CreateSlave;
using Dbaas.TaskManager.Operations.DeleteAfterBackup;
using Dbaas.TaskManager.Operations.DeleteBackup;
using Dbaas.TaskManager.Operations.DeleteInstance;
using Dbaas.TaskManager.Operations.DeleteLog;
using Dbaas.TaskManager.Operations.DemoteMaster;
using Dbaas.TaskManager.Operations.DetachSlave;
using Dbaas.TaskManager.Operations.EjectMaster;
using Dbaas.TaskManager.Operations.Evacuate;
using Dbaas.TaskManager.Operations.ForgetSlave;
using Dbaas.TaskManager.Operations.Migrate;
using Dbaas.TaskManager.Operations.Promote;
using Dbaas.TaskManager.Operations.PublishLog;
using Dbaas.TaskManager.Operations.Reboot;
using Dbaas.TaskManager.Operations.Rebuild;
using Dbaas.TaskManager.Operations.RegisterBackup;
using Dbaas.TaskManager.Operations.ResizeFlavor;
using Dbaas.TaskManager.Operations.ResizeVolume;
using Dbaas.TaskManager.Operations.Restart;
using Dbaas.TaskManager.Operations.RestoreInstance;
using Dbaas.TaskManager.Operations.Stop;
using Dbaas.TaskManager.Operations.UpdateAccess;
using Dbaas.TaskManager.Operations.UpgradeAgent;
using Dbaas.TaskManager.Operations.VerifyBackup;
using Dbaas.TaskManager.Schedules;
using Dbaas.TaskManager.Upkeep;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.TaskManager;

/// <summary>
/// Puts the task manager into a program. The compute plane, the database, <see cref="GuestAccess"/> and the
/// <see cref="AgentReleaseFile"/> come from the program.
/// </summary>
public static class TaskManagerServices
{
    /// <summary>Adds the engine with all workflows, the guests' directory, and upkeep.</summary>
    public static IServiceCollection AddTaskManager(
        this IServiceCollection services, RunnerOptions runner, GuestOptions guests, RetentionOptions retention, BackupOptions backups,
        ArchiveOptions archives) =>
        services
            .AddSingleton(retention)
            .AddSingleton(backups)
            .AddSingleton(archives)
            .AddSingleton(runner)
            .AddSingleton(guests)
            .AddSingleton<GuestCommands>()
            .AddSingleton<LogObjects>()
            .AddSingleton<GuestReports>()
            .AddSingleton<GuestFigures>()
            .AddHostedService<GatewaySigns>()
            .AddHostedService<CommandWatch>()
            .AddHostedService(provider => provider.GetRequiredService<GuestReports>())
            .AddSingleton<IGuestDirectory, GuestDirectory>()
            .AddSingleton(AllWorkflows)
            .AddSingleton<OperationRunner>()
            .AddHostedService<OperationWorker>()
            .AddSingleton<CatalogRefresh>()
            .AddSingleton<IUpkeep>(provider => provider.GetRequiredService<CatalogRefresh>())
            .AddHostedService(provider => ActivatorUtilities.CreateInstance<FirstCatalog>(
                provider, provider.GetRequiredService<CatalogRefresh>()))
            .AddSingleton<IUpkeep, LateDemotion>()
            .AddSingleton<IUpkeep, OrphanedSlaveUsers>()
            .AddSingleton<IUpkeep, ConfigurationChanges>()
            .AddSingleton<IUpkeep, AnsweredRequests>()
            .AddSingleton<IUpkeep, FailoverWatch>()
            .AddSingleton<IUpkeep, ServerWatch>()
            .AddSingleton<IUpkeep, Leftovers>()
            .AddSingleton<IUpkeep, KeyRotation>()
            .AddSingleton<IUpkeep, LateObjects>()
            .AddSingleton<IUpkeep, AgentReleaseWatch>()
            .AddSingleton<IUpkeep, AgentRollouts>()
            .AddSingleton<IUpkeep, Retention>()
            .AddSingleton<IUpkeep, LogArchives>()
            .AddSingleton<IUpkeep, ArchiveBackups>()
            .AddSingleton<IUpkeep, UnneededLogs>()
            .AddSingleton<IUpkeep, UnneededLogParts>()
            .AddSingleton<IUpkeep, DueSchedules>()
            .AddSingleton<IUpkeep, ExpiredBackups>()
            .AddSingleton<IUpkeep, Verifications>()
            .AddHostedService<UpkeepWorker>()
            .AddHostedService<QueueWatch>();

    /// <summary>Other services are told what operations do; there is an <see cref="Domain.Notices.INotifier"/> that tells them.</summary>
    public static IServiceCollection AddNotices(this IServiceCollection services, NoticeOptions options) =>
        services.AddSingleton(options).AddSingleton<IUpkeep, Notices>();

    private static Workflows AllWorkflows(IServiceProvider provider)
    {
        var (networks, volumes, compute) = (
            provider.GetRequiredService<INetworks>(), provider.GetRequiredService<IVolumes>(), provider.GetRequiredService<ICompute>());
        var (guests, access, options, ids) = (
            provider.GetRequiredService<GuestCommands>(),
            provider.GetRequiredService<GuestAccess>(),
            provider.GetRequiredService<GuestOptions>(),
            provider.GetRequiredService<IIdSource>());
        var objects = provider.GetRequiredService<IObjects>();
        return new Workflows(
        [
            CreateInstanceWorkflow.Define(networks, volumes, compute, guests, access, options),
            RestoreInstanceWorkflow.Define(
                networks, volumes, compute, guests, access, options, provider.GetRequiredService<IKeyMaker>()),
            VerifyBackupWorkflow.Define(
                networks, volumes, compute, guests, access, options, provider.GetRequiredService<IKeyMaker>(), ids),
            CreateSlaveWorkflow.Define(
                networks, volumes, compute, guests, access, options, provider.GetRequiredService<BackupOptions>(), ids),
            CreateSlaveWorkflow.DefineFirst(networks, volumes, compute, guests, access, options, ids),
            DeleteInstanceWorkflow.Define(networks, volumes, compute, guests, options, ids),
            DeleteAfterBackupWorkflow.Define(ids),
            DetachSlaveWorkflow.Define(guests, options, ids),
            PromoteWorkflow.Define(guests, ids),
            EjectWorkflow.Define(compute, guests, ids),
            RestartWorkflow.Define(guests),
            StopWorkflow.Define(guests),
            RebootWorkflow.Define(compute, guests),
            ResizeVolumeWorkflow.Define(volumes, compute, guests),
            ResizeFlavorWorkflow.Define(compute, guests),
            MigrateWorkflow.Define(compute, guests),
            RebuildWorkflow.Define(compute, guests, access, options),
            EvacuateWorkflow.Define(compute, guests, access, options),
            UpdateAccessWorkflow.Define(networks),
            ApplyConfigurationWorkflow.Define(guests),
            UpgradeAgentWorkflow.Define(guests, options),
            DemoteMasterWorkflow.Define(guests),
            ForgetSlaveWorkflow.Define(guests),
            CreateBackupWorkflow.Define(
                provider.GetRequiredService<IKeyMaker>(), objects, guests, provider.GetRequiredService<BackupOptions>(), options),
            CreateBackupWorkflow.DefineFirst(
                provider.GetRequiredService<IKeyMaker>(), objects, guests, provider.GetRequiredService<BackupOptions>(), options),
            RegisterBackupWorkflow.Define(
                provider.GetRequiredService<IForeignObjects>(), provider.GetRequiredService<BackupOptions>()),
            DeleteBackupWorkflow.Define(objects),
            ArchiveLogWorkflow.Define(
                provider.GetRequiredService<IKeyMaker>(),
                objects,
                guests,
                provider.GetRequiredService<BackupOptions>(),
                provider.GetRequiredService<ArchiveOptions>(),
                options),
            DeleteLogWorkflow.Define(objects),
            PublishLogWorkflow.Define(provider.GetRequiredService<LogObjects>(), guests, options),
        ]);
    }
}
