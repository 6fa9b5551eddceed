using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestAgent.Machine;
using Dbaas.GuestAgent.Objects;
using Dbaas.GuestAgent.Reporting;
using Dbaas.GuestAgent.Upgrade;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Commands;

/// <summary>From a command to the call for it: the datastore's, the volume's, or the agent's own.</summary>
internal sealed class CommandHandlers(
    Datastore datastore, IDataVolume volume, SelfLook self, AgentUpgrade upgrade, JobList jobs, ObjectStreams objects, TimeProvider time)
{
    // A part is in memory while it is stored.
    private const int LeastPart = 64 * 1024;
    private const int MostPart = 16 * 1024 * 1024;
    private const double LeastPause = 0.1;
    private const double LongestPause = 60;

    /// <summary>A slave that was not far behind.</summary>
    private static readonly TimeSpan CatchUpWithin = TimeSpan.FromMinutes(2);

    /// <summary>May run beside any other command (see <see cref="Datastore"/>), and is as good when done again.</summary>
    public static bool OnlyReads(GuestCommand command) =>
        command is ListDatabases or ListUsers or GetUser or GetPosition or WaitForPosition or ComparePosition or GetHardware
            or GetDiagnostics or Ping or ListLogs or ReadLog;

    /// <summary>Takes long: others go on beside it.</summary>
    public static bool IsJob(GuestCommand command) =>
        command is CreateBackup or RestoreBackup or VerifyData or ArchiveLog or RestoreMoment or LoadReplicationSnapshot;

    /// <summary>A job that whatever stops the server ends.</summary>
    public static bool NeedsServer(GuestCommand command) => command is CreateBackup or ArchiveLog;

    /// <returns>The result; null where the command has none.</returns>
    public async Task<object?> HandleAsync(GuestCommand command, ICommandProgress progress, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case GetReplicationSnapshot get:
                return await Replication.GetReplicationSnapshotAsync(get, cancellationToken);
            case StopWrites stop:
                return new PositionTold(await Replication.StopWritesAsync(TimeSpan.FromSeconds(stop.GraceSeconds), cancellationToken));
            case StopReceiving:
                return new PositionTold(await Replication.StopReceivingAsync(cancellationToken));
            case OfferFollowing offer:
                return new FollowingOffer(
                    await Replication.OfferFollowingAsync(offer.SlaveId, offer.SlaveAddress, cancellationToken));
            case GrowVolume grow:
                return await volume.GrowAsync(grow.AtLeastBytes, cancellationToken);
            case ApplyConfiguration apply:
                return await Configuration.ApplyAsync(apply.Configuration, cancellationToken);
            default:
                await ActAsync(command, progress, cancellationToken);
                return null;
        }
    }

    /// <summary>For jobs.</summary>
    /// <returns>The result; null where the job has none.</returns>
    public async Task<object?> WorkAsync(GuestCommand command, Job job, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case CreateBackup backup:
                if (backup.Behind is { } position)
                {
                    await Replication.WaitForAsync(position, CatchUpWithin, cancellationToken);
                }

                var writer = objects.Write(job, backup);
                var made = await Backups.BackUpAsync(new BackupRequest(backup.BackupId, backup.Parent), writer, cancellationToken);
                return new BackupMade(made.Document, made.DatasetBytes, writer.Written, time.GetUtcNow());
            case RestoreBackup restore:
                job.Expect(restore.Chain.Sum(link => link.Objects.Bytes));
                await Backups.RestoreAsync(ToStored(job, restore.Identity, restore.Chain), cancellationToken);
                return null;
            case LoadReplicationSnapshot load:
                job.Expect(load.Chain.Sum(link => link.Objects.Bytes));
                await Replication.LoadReplicationSnapshotAsync(
                    load.Snapshot, ToStored(job, load.Identity ?? "", load.Chain), job, cancellationToken);
                return null;
            case VerifyData verify:
                return Findings.ToResult(await Backups.VerifyAsync(job, cancellationToken), verify.MostTables);
            case ArchiveLog archive:
                await LogArchive.ArchiveAsync(ToRequest(archive), objects.WriteLog(job, archive), cancellationToken);
                return null;
            case RestoreMoment restore:
                job.Expect(restore.Chain.Sum(link => link.Objects.Bytes) + restore.Logs.Sum(log => log.Parts.Sum(part => (long)part.Size)));
                var reached = await LogArchive.RestoreAsync(
                    ToStored(job, restore.Identity, restore.Chain),
                    [.. restore.Logs.Select(log => new StoredLog(log.LogId, log.From, log.Reached, objects.ReadLog(job, log)))],
                    new RestoreTarget(restore.Time, restore.Transaction),
                    cancellationToken);
                return new MomentReached(reached.Committed, reached.Position);
            default:
                throw NotKnown(command);
        }
    }

    /// <summary>For commands that only read.</summary>
    public async Task<object?> ReadAsync(GuestCommand command, CancellationToken cancellationToken) => command switch
    {
        ListDatabases list => await Accounts.ListDatabasesAsync(list, cancellationToken),
        ListUsers list => await Accounts.ListUsersAsync(list, cancellationToken),
        GetUser get => await Accounts.GetUserAsync(get.Name, get.Host, cancellationToken),
        GetPosition => new PositionTold(await Replication.GetPositionAsync(cancellationToken)),
        WaitForPosition wait => await WaitAsync(wait, cancellationToken),
        ComparePosition compare => ToResult(await Replication.CompareAsync(compare.Position, cancellationToken)),
        GetHardware => self.Hardware(),
        GetDiagnostics => self.Diagnostics(),
        Ping => null,
        ListLogs => new GuestLogs(await Logs.ListAsync(cancellationToken)),
        ReadLog read => await LogTexts.ReadAsync(Logs, read, cancellationToken),
        _ => throw NotKnown(command),
    };

    private Task ActAsync(GuestCommand command, ICommandProgress progress, CancellationToken cancellationToken) => command switch
    {
        PrepareServer prepare => PrepareAsync(prepare, cancellationToken),
        StartServer => datastore.Server.StartAsync(cancellationToken),
        StopServer => datastore.Server.StopAsync(cancellationToken),
        RestartServer restart => RestartAsync($"stopped for {restart.RestartId ?? progress.CommandId}", progress, cancellationToken),
        CloseReplicationSnapshot close => Replication.CloseReplicationSnapshotAsync(close.SnapshotId, cancellationToken),
        AttachReplicationSlave attach => AttachAsync(attach.Snapshot, cancellationToken),
        DetachReplicationSlave detach => Replication.DetachReplicationSlaveAsync(detach.Reason, cancellationToken),
        ForgetReplicationSlave forget => Replication.ForgetReplicationSlaveAsync(forget.SlaveId, cancellationToken),
        DemoteReplicationMaster => Replication.DemoteReplicationMasterAsync(cancellationToken),
        ResumeReceiving => Replication.ResumeReceivingAsync(cancellationToken),
        PromoteReplicationSlave => Replication.PromoteReplicationSlaveAsync(cancellationToken),
        SetWritable set => Replication.SetWritableAsync(set.Writable, cancellationToken),
        CreateDatabases create => Accounts.CreateDatabasesAsync(progress.CommandId, create.Databases, cancellationToken),
        DeleteDatabase delete => Accounts.DeleteDatabaseAsync(progress.CommandId, delete.Name, cancellationToken),
        CreateUsers create => Accounts.CreateUsersAsync(progress.CommandId, create.Users, cancellationToken),
        UpdateUser update => Accounts.UpdateUserAsync(progress.CommandId, update, cancellationToken),
        ChangePasswords change => Accounts.ChangePasswordsAsync(change.Users, cancellationToken),
        DeleteUser delete => Accounts.DeleteUserAsync(progress.CommandId, delete.Name, delete.Host, cancellationToken),
        GrantAccess grant => Accounts.GrantAccessAsync(grant, cancellationToken),
        RevokeAccess revoke => Accounts.RevokeAccessAsync(progress.CommandId, revoke, cancellationToken),
        EnableRoot enable => Accounts.EnableRootAsync(enable.Password, cancellationToken),
        DisableRoot => Accounts.DisableRootAsync(cancellationToken),
        EnableLog enable => Logs.EnableAsync(enable.Name, enable.IsEnabled, cancellationToken),
        CancelJob cancel => CancelAsync(cancel),
        UpgradeAgent wanted => upgrade.EnsureAsync(wanted, cancellationToken),
        _ => throw NotKnown(command),
    };

    private async Task PrepareAsync(PrepareServer prepare, CancellationToken cancellationToken)
    {
        await datastore.Server.InitializeAsync(prepare, cancellationToken);
        if (prepare.Origin != DataOrigin.Empty)
        {
            return;
        }

        await datastore.Server.StartAsync(cancellationToken);
        if (prepare.Databases.Count > 0 || prepare.Users.Count > 0)
        {
            await Accounts.EnsureAsync(prepare.Databases, prepare.Users, cancellationToken);
        }
    }

    private async Task<object?> WaitAsync(WaitForPosition wait, CancellationToken cancellationToken)
    {
        await Replication.WaitForAsync(wait.Position, TimeSpan.FromSeconds(wait.Seconds), cancellationToken);
        return null;
    }

    /// <summary>A control plane of before there was a job for the load asks for both at once; whoever has data loads none.</summary>
    private async Task AttachAsync(OpaqueDocument snapshot, CancellationToken cancellationToken)
    {
        await Replication.LoadReplicationSnapshotAsync(snapshot, [], new Unwatched(), cancellationToken);
        await Replication.AttachReplicationSlaveAsync(snapshot, cancellationToken);
    }

    private StoredBackup[] ToStored(Job job, string identity, IReadOnlyList<BackupLink> chain) =>
        [.. chain.Select(link => new StoredBackup(link.BackupId, link.Document, objects.Read(job, identity, link)))];

    private static PositionCompared ToResult(PositionComparison comparison) => comparison switch
    {
        PositionComparison.Equal => new(PositionRelation.Equal, 0, null),
        PositionComparison.Behind behind => new(PositionRelation.Behind, behind.Transactions, null),
        PositionComparison.Ahead ahead => new(PositionRelation.Ahead, ahead.Transactions, null),
        PositionComparison.Diverged diverged => new(PositionRelation.Diverged, 0, diverged.Sample),
        _ => throw new InvalidOperationException($"Not a comparison: {comparison}."),
    };

    private static ArchiveRequest ToRequest(ArchiveLog archive) => new(
        archive.After,
        Math.Clamp(archive.MostBytes, LeastPart, MostPart),
        TimeSpan.FromSeconds(Math.Clamp(archive.EverySeconds, LeastPause, LongestPause)),
        TimeSpan.FromSeconds(archive.ForSeconds),
        TimeSpan.FromSeconds(archive.KeepForSeconds));

    private Task CancelAsync(CancelJob cancel)
    {
        jobs.End(cancel.CommandId, cancel.Because);
        return Task.CompletedTask;
    }

    /// <summary>
    /// A repetition after the stop only makes sure of the start: clients are thrown out once, and a slow start is let be.
    /// </summary>
    private Task RestartAsync(string milestone, ICommandProgress progress, CancellationToken cancellationToken) =>
        progress.HasReached(milestone)
            ? datastore.Server.StartAsync(cancellationToken)
            : datastore.Server.RestartAsync(() => progress.Note(milestone), cancellationToken);

    private IReplication Replication => datastore.Replication ?? throw Lacks("replication");

    private IAccounts Accounts => datastore.Accounts ?? throw Lacks("databases and users");

    private ILogArchive LogArchive => datastore.LogArchive ?? throw Lacks("an archive of its log");

    private IConfiguration Configuration => datastore.Configuration ?? throw Lacks("a change of its configuration");

    private ILogs Logs => datastore.Logs ?? throw Lacks("logs for users");

    private IBackups Backups => datastore.Backups ?? throw Lacks("backups");

    private static DatastoreException NotKnown(GuestCommand command) =>
        new(FaultKind.Unsupported, $"This agent does not know the command {command.KindName()}.");

    private DatastoreException Lacks(string what) =>
        new(FaultKind.Unsupported, $"The datastore {datastore.Name} does not support {what}.");
}
