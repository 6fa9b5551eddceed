using Dbaas.Domain.Operations;
using Dbaas.Simulation;
using Dbaas.Simulation.Checks;
using Dbaas.Simulation.Cloud;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager.Upkeep;

namespace Dbaas.Scenarios.Tests;

/// <summary>The courses of events that are cut off everywhere.</summary>
internal static class CutCases
{
    public static IReadOnlyList<CutCase> All { get; } =
    [
        new("an instance is created", OperationKinds.CreateInstance,
            Sets.Nothing, (world, _) => world.Api.CreateAsync("m1"),
            "m1: Ready", "databases shop", "users app", "create-instance Succeeded"),
        new("a backup is taken", OperationKinds.CreateBackup,
            Sets.Master, (world, there) => world.Api.BackUpAsync("b1", there[0]),
            "backup b1: Completed of m1, 0 follow on it, fault: none, 3 objects", "create-backup Succeeded", "backups 1"),
        new("a backup that follows on another is taken", OperationKinds.CreateBackup,
            Sets.MasterWithBackup, (world, there) => world.Api.BackUpAsync("b2", there[0], there[1]),
            "backup b1: Completed of m1, 1 follow on it", "backup b2: Completed of m1, 0 follow on it", "backups 2"),
        new("a backup is taken on a slave", OperationKinds.CreateBackup,
            world => Sets.MasterWith(world, 1), (world, there) => world.Api.BackUpAsync("b1", there[0]),
            "backup b1: Completed of m1 on a slave, 0 follow on it, fault: none, 3 objects", "create-backup Succeeded", "backups 1"),
        new("a backup fails on a slave, and is taken on its master", OperationKinds.CreateBackup,
            world => Sets.MasterWith(world, 1),
            (world, there) =>
            {
                world.GuestFaults.Add("s1", "create_backup", GuestTrouble.FailForGood);
                return world.Api.BackUpAsync("b1", there[0]);
            },
            "backup b1: Completed of m1, 0 follow on it, fault: none, 3 objects", "create-backup Succeeded", "backups 1"),
        new("a backup fails in its guest", OperationKinds.CreateBackup,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "create_backup", GuestTrouble.FailForGood);
                return world.Api.BackUpAsync("b1", there[0]);
            },
            "backup b1: Failed of m1, 0 follow on it, fault: create_backup does not work., 0 objects", "m1: Ready", "backups 1"),
        new("the guest writes, and its answer to a backup is lost", OperationKinds.CreateBackup,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "create_backup", GuestTrouble.DoAndFailTransiently);
                return world.Api.BackUpAsync("b1", there[0]);
            },
            "backup b1: Completed of m1, 0 follow on it, fault: none, 3 objects"),
        new("the server dies while it is backed up", OperationKinds.CreateBackup,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "create_backup", GuestTrouble.DieAfter, happens: () =>
                    world.In(TimeSpan.FromSeconds(400), () => world.Guest(there[0]).Restart()));
                return world.Api.BackUpAsync("b1", there[0]);
            },
            "backup b1: Failed of m1", "fault: The instance m1 has not answered", "0 objects")
        {
            IsAboutSilence = true,
        },
        new("a backup that follows on one of a Trove is made known", OperationKinds.RegisterBackup,
            Sets.FromAnother, (world, there) => world.Api.RegisterAsync("f2", world.Foreign.Add("f2", there[1])),
            "backup f1: Completed of another service, 1 follow on it", "backup f2: Completed of another service, 0 follow on it",
            "backups 2"),
        new("two backups that a Trove took are made known", OperationKinds.RegisterBackup,
            Sets.Nothing,
            async (world, _) =>
            {
                await world.Api.RegisterAsync("f1", world.Foreign.Add("f1"));
                await world.Api.RegisterAsync("g1", world.Foreign.Add("g1"));
            },
            "backup f1: Completed of another service, 0 follow on it, fault: none, 0 objects",
            "backup g1: Completed of another service, 0 follow on it", "backups 2"),
        new("one that follows on what is not known is not made known", OperationKinds.RegisterBackup,
            Sets.Nothing,
            (world, _) => world.Api.RegisterAsync("f2", world.Foreign.Add("f2", world.Foreign.Add("f1"))),
            "backup f2: Failed of another service, 0 follow on it, fault: It follows on the backup at", "backups 1"),
        new("an instance is made from what a Trove took", OperationKinds.RestoreInstance,
            Sets.FromAnother, (world, there) => world.Api.RestoreAsync("r1", there[0]),
            "r1: Ready", "databases shop", "backup f1: Completed of another service, 0 follow on it, fault: none, 0 objects"),
        new("a backup is taken by a schedule", OperationKinds.CreateBackup,
            Sets.Master, (world, there) => world.Api.ScheduleAsync("nightly", there[0], "5 0 * * *"),
            "backup nightly-20300101-0005: Completed of m1, 0 follow on it", "create-backup Succeeded", "backups 1", "backup_schedules 1")
        {
            IsBySchedule = true,
            IsAboutSilence = true,
        },
        new("a schedule's following backup fails, and a full one is taken", OperationKinds.CreateBackup,
            async world =>
            {
                var there = await Sets.Master(world);
                await world.Api.ScheduleAsync("nightly", there[0], "5 0 * * *", """, "incremental": true """);
                await world.PassAsync(TimeSpan.FromMinutes(11));
                for (var round = 0; round < 3; round++)
                {
                    await world.LookAtSchedulesAsync();
                    await world.SettleAsync();
                    await world.PassAsync(TimeSpan.FromMinutes(1));
                }

                await world.PassAsync(TimeSpan.FromHours(23.8));
                return there;
            },
            (world, _) =>
            {
                world.GuestFaults.Add("m1", "create_backup", GuestTrouble.FailForGood);
                return Task.CompletedTask;
            },
            "backup nightly-20300101-0005: Completed of m1, 1 follow on it",
            "backup nightly-20300102-0005: Completed of m1, 0 follow on it",
            "backup nightly-20300102-0005: Failed of m1, 0 follow on it, fault: create_backup does not work., 0 objects",
            "backups 3")
        {
            IsBySchedule = true,
            IsAboutSilence = true,
        },
        new("an instance is deleted after a last backup", OperationKinds.DeleteAfterBackup,
            Sets.Master, (world, there) => world.Api.DeleteAfterBackupAsync(there[0], "last"),
            "m1: deleted, no guest", "backup last: Completed of m1, 0 follow on it", "delete-after-backup Succeeded", "instances 0"),
        new("an instance whose last backup fails stays", OperationKinds.DeleteAfterBackup,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "create_backup", GuestTrouble.FailForGood);
                return world.Api.DeleteAfterBackupAsync(there[0], "last");
            },
            "m1: Ready", "fault: The instance was not deleted: Its last backup failed. create_backup does not work.", "running",
            "backup last: Failed", "m1: delete-after-backup Failed"),
        new("a slave is deleted after a last backup", OperationKinds.DeleteAfterBackup,
            world => Sets.MasterWith(world, 1), (world, there) => world.Api.DeleteAfterBackupAsync(there[1], "last"),
            "s1: deleted", "m1: Ready, slave of nobody, 0 slaves", "backup last: Completed of s1", "log False epoch 1"),
        new("a backup with one that follows on it is deleted", OperationKinds.DeleteBackup,
            async world =>
            {
                var there = await Sets.MasterWithBackup(world);
                await world.Api.BackUpAsync("b2", there[0], there[1]);
                await world.SettleAsync();
                return there;
            },
            (world, there) => world.Api.DeleteBackupAsync(there[1]),
            "backup b1: deleted, 0 objects", "backup b2: deleted, 0 objects", "backups 0"),
        new("an instance is made from a backup", OperationKinds.RestoreInstance,
            Sets.MasterWithBackup, (world, there) => world.Api.RestoreAsync("r1", there[1]),
            "r1: Ready", "running, databases shop, users app", "restore-instance Succeeded", "backup b1: Completed"),
        new("an instance cannot be made from a backup", OperationKinds.RestoreInstance,
            Sets.MasterWithBackup,
            (world, there) =>
            {
                world.GuestFaults.Add("r1", "restore_backup", GuestTrouble.FailForGood);
                return world.Api.RestoreAsync("r1", there[1]);
            },
            "r1: Failed", "fault: restore_backup does not work.", "backup b1: Completed of m1, 0 follow on it"),
        new("a backup is verified", OperationKinds.VerifyBackup,
            Sets.MasterWithBackup,
            async (world, there) =>
            {
                await world.Api.VerifyAsync(there[1]);
                await world.LookAtVerificationsAsync();
            },
            "verify-b1: deleted, no guest", "backup b1: Completed of m1, 0 follow on it, fault: none, 3 objects, verified: 1 tables, good",
            "verify-b1: verify-backup Succeeded", "verify-b1: delete-instance Succeeded", "instances 1"),
        new("a backup that cannot be restored is verified", OperationKinds.VerifyBackup,
            Sets.MasterWithBackup,
            async (world, there) =>
            {
                world.GuestFaults.Add("verify-b1", "restore_backup", GuestTrouble.FailForGood);
                await world.Api.VerifyAsync(there[1]);
                await world.LookAtVerificationsAsync();
            },
            "verify-b1: deleted, no guest", "verified:  tables, It could not be restored. restore_backup does not work.",
            "verify-b1: verify-backup Succeeded"),
        new("a backup cannot be verified at first", OperationKinds.VerifyBackup,
            Sets.MasterWithBackup,
            async (world, there) =>
            {
                world.GuestFaults.Add("verify-b1", "prepare", GuestTrouble.FailForGood);
                await world.Api.VerifyAsync(there[1]);
                await world.LookAtVerificationsAsync();
            },
            "verify-b1: deleted, no guest", "verified: 1 tables, good", "verify-b1: verify-backup Failed",
            "verify-b1: verify-backup Succeeded")
        {
            // When it is tried again is said by the clock.
            IsAboutSilence = true,
        },
        new("an agent loses its answers while a backup is verified", OperationKinds.VerifyBackup,
            Sets.MasterWithBackup,
            async (world, there) =>
            {
                world.GuestFaults.Add("verify-b1", "restore_backup", GuestTrouble.LoseAnswer);
                world.GuestFaults.Add("verify-b1", "verify_data", GuestTrouble.LoseAnswer);
                await world.Api.VerifyAsync(there[1]);
                await world.LookAtVerificationsAsync();
            },
            "verify-b1: deleted, no guest", "verified: 1 tables, good"),
        new("a log is archived", OperationKinds.ArchiveLog,
            Sets.Master, (world, there) => world.ArchiveAsync(there[0]),
            "log of m1: Closed, 1 parts", "archive-log Succeeded", "m1: Ready"),
        new("the archive of a log fails in its guest", OperationKinds.ArchiveLog,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "archive_log", GuestTrouble.FailForGood);
                return world.ArchiveAsync(there[0]);
            },
            "log of m1: deleted, 0 objects", "archive-log Succeeded", "m1: Ready"),
        new("the guest archives, and its answer is lost", OperationKinds.ArchiveLog,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "archive_log", GuestTrouble.LoseAnswer);
                return world.ArchiveAsync(there[0]);
            },
            "log of m1: Closed, 1 parts", "archive-log Succeeded"),
        new("the server dies while its log is archived", OperationKinds.ArchiveLog,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "archive_log", GuestTrouble.DieAfter);
                return world.ArchiveAsync(there[0]);
            },
            "log of m1: Closed, 1 parts", "archive-log Succeeded")
        {
            IsAboutSilence = true,
        },
        new("an archived log goes that no backup needs", OperationKinds.DeleteLog,
            async world =>
            {
                var there = await Sets.Master(world);
                await world.ArchiveAsync(there[0]);
                await world.SettleAsync();
                return there;
            },
            (world, _) => world.RemoveUnneededLogsAsync(),
            "log of m1: deleted, 0 objects", "delete-log Succeeded"),
        new("a log is published in pieces", OperationKinds.PublishLog,
            Sets.Master, (world, there) => world.PublishLogAsync(there[0], new PublishLogGoal(false, true)),
            "published general of m1: 300 bytes up to 300, 3 objects", "publish-log Succeeded", "m1: Ready"),
        new("a log is published, and the answer for a piece is lost", OperationKinds.PublishLog,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "read_log", GuestTrouble.LoseAnswer);
                return world.PublishLogAsync(there[0], new PublishLogGoal(false, true));
            },
            "published general of m1: 300 bytes up to 300, 3 objects", "publish-log Succeeded"),
        new("the server dies while its log is published", OperationKinds.PublishLog,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "read_log", GuestTrouble.DieAfter);
                return world.PublishLogAsync(there[0], new PublishLogGoal(false, true));
            },
            "published general of m1", "m1: Ready")
        {
            IsAboutSilence = true,
        },
        new("what was published of a log is discarded and published anew", OperationKinds.PublishLog,
            async world =>
            {
                var there = await Sets.Master(world);
                await world.PublishLogAsync(there[0], new PublishLogGoal(false, true));
                await world.SettleAsync();
                return there;
            },
            (world, there) => world.PublishLogAsync(there[0], new PublishLogGoal(true, true)),
            "published general of m1: 300 bytes up to 300, 3 objects", "publish-log Succeeded"),
        new("a slave is created", OperationKinds.CreateSlave,
            Sets.Master, (world, there) => world.Api.CreateSlaveAsync("s1", there[0]),
            "m1: Ready, slave of nobody, 1 slaves", "s1: Ready, slave of m1", "follows m1"),
        new("one of two slaves is detached", OperationKinds.DetachSlave,
            world => Sets.MasterWith(world, 2), (world, there) => world.Api.DetachAsync(there[1]),
            "m1: Ready, slave of nobody, 1 slaves", "s1: Ready, slave of nobody", "log True"),
        new("the last slave is detached", OperationKinds.DetachSlave,
            world => Sets.MasterWith(world, 1), (world, there) => world.Api.DetachAsync(there[1]),
            "m1: Ready, slave of nobody, 0 slaves", "s1: Ready, slave of nobody", "log False epoch 1"),
        new("a slave is promoted", OperationKinds.Promote,
            world => Sets.MasterWith(world, 2), (world, there) => world.Api.PromoteAsync(there[1]),
            "m1: Ready, slave of s1, 0 slaves, fault: none", "s1: Ready, slave of nobody, 2 slaves", "s2: Ready, slave of s1",
            "promote Succeeded"),
        new("a slave is promoted, and the former master back", OperationKinds.Promote,
            async world =>
            {
                var there = await Sets.MasterWith(world, 2);
                await world.Api.PromoteAsync(there[1]);
                await world.SettleAsync();
                return there;
            },
            (world, there) => world.Api.PromoteAsync(there[0]),
            "m1: Ready, slave of nobody, 2 slaves", "s1: Ready, slave of m1, 0 slaves", "s2: Ready, slave of m1", "promote Succeeded"),
        new("a slave that is promoted lacks something", OperationKinds.Promote,
            world => Sets.MasterWith(world, 2),
            (world, there) =>
            {
                world.GuestFaults.Add("s1", "wait_for_position", GuestTrouble.FailForGood);
                return world.Api.PromoteAsync(there[1]);
            },
            "m1: Ready, slave of nobody, 2 slaves", "s1: Ready, slave of m1, 0 slaves, fault: The promotion failed", "promote Failed"),
        new("a slave cannot be promoted", OperationKinds.Promote,
            world => Sets.MasterWith(world, 2),
            (world, there) =>
            {
                world.GuestFaults.Add("s1", "promote_replication_slave", GuestTrouble.FailForGood);
                return world.Api.PromoteAsync(there[1]);
            },
            "m1: Ready, slave of nobody, 2 slaves", "s1: Ready, slave of m1, 0 slaves, fault: The promotion failed", "promote Failed"),
        new("a dead master is ejected", OperationKinds.EjectMaster,
            world => Sets.DeadMasterWith(world, 3), (world, there) => world.Api.EjectAsync(there[0]),
            "m1: Broken, slave of nobody, 0 slaves, fault: It was ejected", "s1: Ready, slave of nobody, 2 slaves, fault: none",
            "s2: Ready, slave of s1", "s3: Ready, slave of s1", "eject-master Succeeded"),
        new("a dead master is ejected, and the slave that is ahead takes over", OperationKinds.EjectMaster,
            async world =>
            {
                var there = await Sets.DeadMasterWith(world, 3);
                world.Guest(there[2]).Database.Transactions.Add(1);
                return there;
            },
            (world, there) => world.Api.EjectAsync(there[0]),
            "m1: Broken, slave of nobody, 0 slaves", "s2: Ready, slave of nobody, 2 slaves", "s1: Ready, slave of s2",
            "s3: Ready, slave of s2", "eject-master Succeeded"),
        new("a dead master is ejected, and a slave that is dead, too, is left behind", OperationKinds.EjectMaster,
            async world =>
            {
                var there = await Sets.MasterWith(world, 2);
                world.Guest(there[0]).Die();
                world.Guest(there[1]).Die();
                await world.PassAsync(TimeSpan.FromMinutes(2));
                await world.LetGuestsReportAsync();
                return there;
            },
            (world, there) => world.Api.EjectAsync(there[0], isForced: true),
            "m1: Broken, slave of nobody, 0 slaves", "s1: Broken, slave of s2, 0 slaves, fault: It did not answer",
            "s2: Ready, slave of nobody, 1 slaves", "eject-master Succeeded"),
        new("a dead master stays the master where no slave has all", OperationKinds.EjectMaster,
            async world =>
            {
                var there = await Sets.DeadMasterWith(world, 2);
                world.Guest(there[1]).Database.Transactions.Add(1);
                world.Guest(there[2]).Database.Transactions.Add(2);
                return there;
            },
            (world, there) => world.Api.EjectAsync(there[0]),
            "m1: Ready, slave of nobody, 2 slaves, fault: The ejection failed: Neither", "s1: Ready, slave of m1", "s2: Ready, slave of m1",
            "eject-master Failed"),
        new("a dead master stays the master where its successor cannot take over", OperationKinds.EjectMaster,
            world => Sets.DeadMasterWith(world, 2),
            (world, there) =>
            {
                world.GuestFaults.Add("s1", "promote_replication_slave", GuestTrouble.FailForGood);
                return world.Api.EjectAsync(there[0]);
            },
            "m1: Ready, slave of nobody, 2 slaves, fault: The ejection failed", "s1: Ready, slave of m1", "s2: Ready, slave of m1",
            "eject-master Failed"),
        new("a stand-alone instance is deleted", OperationKinds.DeleteInstance,
            Sets.Master, (world, there) => world.Api.DeleteAsync(there[0]), "m1: deleted, no guest"),
        new("the last slave is deleted", OperationKinds.DeleteInstance,
            world => Sets.MasterWith(world, 1), (world, there) => world.Api.DeleteAsync(there[1]),
            "s1: deleted", "m1: Ready, slave of nobody, 0 slaves", "log False epoch 1"),
        new("a slave whose agent is dead is deleted", OperationKinds.DeleteInstance,
            world => Sets.MasterWith(world, 1),
            (world, there) =>
            {
                world.Guest(there[1]).Die();
                return world.Api.DeleteAsync(there[1]);
            },
            "s1: deleted", "m1: Ready, slave of nobody, 0 slaves", "log False epoch 1"),
        new("a slave whose master is dead is deleted, and the master comes back", OperationKinds.DeleteInstance,
            world => Sets.MasterWith(world, 1),
            (world, there) =>
            {
                world.Guest(there[0]).Die();
                world.In(TimeSpan.FromMinutes(3), () => world.Guest(there[0]).Restart());
                return world.Api.DeleteAsync(there[1]);
            },
            "s1: deleted", "m1: Ready, slave of nobody, 0 slaves", "log False epoch 1"),
        new("a database is restarted", OperationKinds.Restart,
            Sets.Master, (world, there) => world.Api.RestartAsync(there[0]), "restart Succeeded"),
        new("a restart fails", OperationKinds.Restart,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "restart_server", GuestTrouble.FailForGood);
                return world.Api.RestartAsync(there[0]);
            },
            "m1: Ready", "fault: The restart failed", "restart Failed"),
        new("a master is demoted by upkeep", OperationKinds.DemoteMaster,
            async world =>
            {
                var there = await Sets.Master(world);
                world.GuestFaults.Add("s1", "attach_replication_slave", GuestTrouble.FailForGood);
                await world.Api.CreateSlaveAsync("s1", there[0]);
                await world.SettleAsync();
                return there;
            },
            (_, _) => Task.CompletedTask,
            "log False epoch 1", "m1: demote-master Succeeded"),
        new("a slave cannot attach", OperationKinds.ForgetSlave,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("s1", "attach_replication_slave", GuestTrouble.FailForGood);
                return world.Api.CreateSlaveAsync("s1", there[0]);
            },
            "s1: Failed, slave of nobody", "m1: forget-slave Succeeded", "log False epoch 1"),
        new("an instance cannot be prepared", OperationKinds.CreateInstance,
            Sets.Nothing,
            (world, _) =>
            {
                world.GuestFaults.Add("m1", "prepare", GuestTrouble.FailForGood);
                return world.Api.CreateAsync("m1");
            },
            "m1: Failed", "no guest", "instances 1"),
        new("a server ends in error", OperationKinds.CreateInstance,
            Sets.Nothing,
            (world, _) =>
            {
                world.Cloud.Faults.Unlaunchable.Add("m1");
                return world.Api.CreateAsync("m1");
            },
            "m1: Failed", "fault: The server could not be launched"),
        new("the cloud loses answers while an instance is created", OperationKinds.CreateInstance,
            Sets.Nothing,
            (world, _) =>
            {
                foreach (var call in new[] { "ensure port", "ensure volume", "ensure server", "find server" })
                {
                    world.Cloud.Faults.Add(call, CloudTrouble.LoseAnswer);
                }

                return world.Api.CreateAsync("m1");
            },
            "m1: Ready"),
        new("the master dies while a slave is built", OperationKinds.CreateSlave,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "get_replication_snapshot", GuestTrouble.DieAfter, happens: () =>
                    world.In(TimeSpan.FromSeconds(400), () => world.Guest(there[0]).Restart()));
                return world.Api.CreateSlaveAsync("s1", there[0]);
            },
            "s1: Failed, slave of nobody", "fault: The master m1 has not answered", "log False epoch 1")
        {
            IsAboutSilence = true,
        },
        new("a slave is made from a backup of its master", OperationKinds.CreateSlave,
            Sets.PairWithBackup, (world, there) => world.Api.CreateSlaveAsync("s2", there[0]),
            "s2: Ready, slave of m1", "backup b1: Completed of m1 on a slave, 0 follow on it, fault: none, 3 objects", "feeds s1 s2"),
        new("no slave can be made from a backup of its master", OperationKinds.CreateSlave,
            Sets.PairWithBackup,
            (world, there) =>
            {
                world.GuestFaults.Add("s2", "load_replication_snapshot", GuestTrouble.FailForGood);
                return world.Api.CreateSlaveAsync("s2", there[0]);
            },
            "s2: Ready, slave of m1", "backup b1: Completed of m1 on a slave", "feeds s1 s2"),
        new("a slave cannot load its data", OperationKinds.CreateSlave,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("s1", "load_replication_snapshot", GuestTrouble.FailForGood);
                return world.Api.CreateSlaveAsync("s1", there[0]);
            },
            "s1: Failed, slave of nobody", "fault: load_replication_snapshot does not work.", "log False epoch 1"),
        new("the master dies while a slave loads its data", OperationKinds.CreateSlave,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("s1", "load_replication_snapshot", GuestTrouble.Delay, delay: TimeSpan.FromSeconds(90), happens: () =>
                {
                    world.Guest(there[0]).Die();
                    world.In(TimeSpan.FromSeconds(400), () => world.Guest(there[0]).Restart());
                });
                return world.Api.CreateSlaveAsync("s1", there[0]);
            },
            "s1: Failed, slave of nobody", "log False epoch 1")
        {
            IsAboutSilence = true,
        },
        new("the master dies while a slave attaches", OperationKinds.CreateSlave,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("s1", "attach_replication_slave", GuestTrouble.Delay, delay: TimeSpan.FromSeconds(90), happens: () =>
                {
                    world.Guest(there[0]).Die();
                    world.In(TimeSpan.FromSeconds(400), () => world.Guest(there[0]).Restart());
                });
                return world.Api.CreateSlaveAsync("s1", there[0]);
            },
            "s1: Failed, slave of nobody", "log False epoch 1")
        {
            IsAboutSilence = true,
        },
        new("agents crash before they have noted what they did", OperationKinds.CreateSlave,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("s1", "prepare", GuestTrouble.LoseAnswer);
                world.GuestFaults.Add("m1", "get_replication_snapshot", GuestTrouble.LoseAnswer);
                world.GuestFaults.Add("s1", "load_replication_snapshot", GuestTrouble.LoseAnswer);
                world.GuestFaults.Add("s1", "attach_replication_slave", GuestTrouble.LoseAnswer);
                return world.Api.CreateSlaveAsync("s1", there[0]);
            },
            "s1: Ready, slave of m1", "epoch 1"),
        new("the cloud is away for a while when an instance is created", OperationKinds.CreateInstance,
            Sets.Nothing,
            (world, _) =>
            {
                world.Cloud.Faults.GoAway(TimeSpan.FromMinutes(2));
                return world.Api.CreateAsync("m1");
            },
            "m1: Ready"),
        new("the demotion behind a detachment fails", OperationKinds.DetachSlave,
            world => Sets.MasterWith(world, 1),
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "demote_replication_master", GuestTrouble.FailForGood);
                return world.Api.DetachAsync(there[1]);
            },
            "s1: Ready, slave of nobody, 0 slaves, fault: none", "s1: detach-slave Succeeded", "m1: demote-master Succeeded", "log False"),
        new("a slave cannot stop following", OperationKinds.DetachSlave,
            world => Sets.MasterWith(world, 1),
            (world, there) =>
            {
                world.GuestFaults.Add("s1", "detach_replication_slave", GuestTrouble.FailForGood);
                return world.Api.DetachAsync(there[1]);
            },
            "s1: Ready, slave of m1, 0 slaves, fault: Detaching failed", "m1: Ready, slave of nobody, 1 slaves", "detach-slave Failed"),
        new("a volume is resized", OperationKinds.ResizeVolume,
            Sets.Master, (world, there) => world.Api.ResizeVolumeAsync(there[0], 5),
            "volume 5 GB, cloud: Active with flavor 1, volume of 5 GB", "running", "volumes 5", "resize-volume Succeeded"),
        new("a volume is resized where that needs a stop", OperationKinds.ResizeVolume,
            async world =>
            {
                world.Cloud.GrowsStoppedOnly = true;
                return await Sets.Master(world);
            },
            (world, there) => world.Api.ResizeVolumeAsync(there[0], 5),
            "volume 5 GB, cloud: Active with flavor 1, volume of 5 GB", "running", "volumes 5", "resize-volume Succeeded"),
        new("a volume was extended, and the database does not start", OperationKinds.ResizeVolume,
            async world =>
            {
                world.Cloud.GrowsStoppedOnly = true;
                return await Sets.Master(world);
            },
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "start_server", GuestTrouble.FailForGood);
                return world.Api.ResizeVolumeAsync(there[0], 5);
            },
            "volume 5 GB, cloud: Active with flavor 1, volume of 5 GB", "fault: The volume could not be resized", "volumes 5"),
        new("a flavor is changed", OperationKinds.ResizeFlavor,
            world => Sets.MasterWith(world, 1), (world, there) => world.Api.ResizeFlavorAsync(there[0], "2"),
            "flavor 2, access '', volume 2 GB, cloud: Active with flavor 2", "running", "ram 1536", "resize-flavor Succeeded"),
        new("no host has room for a flavor", OperationKinds.ResizeFlavor,
            Sets.Master,
            (world, there) =>
            {
                world.Cloud.Faults.NoRoomFor = "2";
                return world.Api.ResizeFlavorAsync(there[0], "2");
            },
            "flavor 1, access '', volume 2 GB, cloud: Active with flavor 1",
            "running",
            "ram 512",
            "fault: The flavor could not be changed"),
        new("the database does not start in its new flavor", OperationKinds.ResizeFlavor,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "start_server", GuestTrouble.FailForGood);
                return world.Api.ResizeFlavorAsync(there[0], "2");
            },
            "flavor 1, access '', volume 2 GB, cloud: Active with flavor 1",
            "running",
            "ram 512",
            "fault: The flavor could not be changed"),
        new("a server is rebooted", OperationKinds.Reboot,
            Sets.Master, (world, there) => world.Api.RebootAsync(there[0]), "running", "reboot Succeeded"),
        new("a server moves", OperationKinds.Migrate,
            Sets.Master, (world, there) => world.Api.MigrateAsync(there[0]), "cloud: Active with flavor 1", "running", "migrate Succeeded"),
        new("a server is rebuilt", OperationKinds.Rebuild,
            Sets.Master, (world, there) => world.Api.RebuildAsync(there[0]),
            "m1: Ready", "fault: none", "cloud: Active with flavor 1", "running", "databases shop", "instances 1", "rebuild Succeeded"),
        new("a master is rebuilt", OperationKinds.Rebuild,
            world => Sets.MasterWith(world, 1), (world, there) => world.Api.RebuildAsync(there[0]),
            "m1: Ready, slave of nobody, 1 slaves, fault: none",
            "running, databases shop, users app, log True epoch 1",
            "s1: Ready, slave of m1"),
        new("a slave is rebuilt", OperationKinds.Rebuild,
            world => Sets.MasterWith(world, 1), (world, there) => world.Api.RebuildAsync(there[1]),
            "s1: Ready, slave of m1", "read only True, follows m1", "log True epoch 1", "s1: rebuild Succeeded"),
        new("a server that vanished is rebuilt", OperationKinds.Rebuild,
            Vanished, (world, there) => world.Api.RebuildAsync(there[0]),
            "m1: Ready", "fault: none", "running", "databases shop", "rebuild Succeeded"),
        new("a rebuild is refused by the cloud", OperationKinds.Rebuild,
            Sets.Master,
            (world, there) =>
            {
                world.Cloud.Faults.Add("rebuild server", CloudTrouble.FailForGood, times: 10);
                return world.Api.RebuildAsync(there[0]);
            },
            "m1: Ready", "fault: The rebuild failed: The cloud refuses", "running", "rebuild Failed"),
        new("a rebuild is refused of a server that is gone", OperationKinds.Rebuild,
            Vanished,
            (world, there) =>
            {
                world.Cloud.Faults.Add("rebuild server", CloudTrouble.FailForGood, times: 10);
                return world.Api.RebuildAsync(there[0]);
            },
            "m1: Broken", "fault: The rebuild failed", "no guest", "volumes 2"),
        new("the answer to a rebuild is lost", OperationKinds.Rebuild,
            Sets.Master,
            (world, there) =>
            {
                world.Cloud.Faults.Add("rebuild server", CloudTrouble.LoseAnswer);
                return world.Api.RebuildAsync(there[0]);
            },
            "m1: Ready", "running", "rebuild Succeeded"),
        new("the guest of a rebuilt server never calls", OperationKinds.Rebuild,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Mute.Add("m1");
                return world.Api.RebuildAsync(there[0]);
            },
            "m1: Broken", "fault: The rebuild failed: The server runs, but its agent did not call", "stopped", "rebuild Failed"),
        new("the database of a rebuilt server does not start", OperationKinds.Rebuild,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "start_server", GuestTrouble.FailForGood);
                return world.Api.RebuildAsync(there[0]);
            },
            "m1: Broken", "fault: The rebuild failed", "stopped", "rebuild Failed"),
        new("a server is rebuilt whose database does not stop", OperationKinds.Rebuild,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "stop_server", GuestTrouble.FailForGood);
                return world.Api.RebuildAsync(there[0]);
            },
            "m1: Ready", "running", "rebuild Succeeded"),
        new("a host dies, and its master goes on elsewhere", OperationKinds.Evacuate,
            async world =>
            {
                var there = await Sets.MasterWith(world, 1);
                world.Cloud.KillHostOf(there[0]);
                return there;
            },
            (world, there) => world.Api.EvacuateAsync(there[0]),
            "m1: Ready, slave of nobody, 1 slaves, fault: none",
            "running, databases shop, users app, log True epoch 1",
            "evacuate Succeeded"),
        new("a host is alive, and its server is to go elsewhere", OperationKinds.Evacuate,
            Sets.Master, (world, there) => world.Api.EvacuateAsync(there[0]),
            "m1: Ready", "fault: The evacuation failed: The host of this server is alive", "running", "evacuate Failed"),
        new("an evacuated server is not rebuilt", OperationKinds.Evacuate,
            async world =>
            {
                var there = await Sets.Master(world);
                world.Cloud.KillHostOf(there[0]);
                return there;
            },
            (world, there) =>
            {
                world.Cloud.Faults.Add("rebuild server", CloudTrouble.FailForGood, times: 10);
                return world.Api.EvacuateAsync(there[0]);
            },
            "m1: Broken", "fault: The evacuation failed", "evacuate Failed"),
        new("who may reach an instance is changed", OperationKinds.UpdateAccess,
            Sets.Master,
            (world, there) => world.Api.UpdateAccessAsync(there[0], "10.0.0.0/8"),
            "access '10.0.0.0/8'",
            "update-access Succeeded"),
        new("an instance is given a configuration group", OperationKinds.ApplyConfiguration,
            Sets.MasterAndGroup, (world, there) => world.Api.SetGroupAsync(there[0], there[1]),
            "a group: max_connections=200", "fault: none", "running", "apply-configuration Succeeded"),
        new("the values of a configuration group are refused", OperationKinds.ApplyConfiguration,
            Sets.MasterAndGroup,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "apply_configuration", GuestTrouble.FailForGood);
                return world.Api.SetGroupAsync(there[0], there[1]);
            },
            "m1: Ready", "no group: ,", "fault: The configuration could not be changed: apply_configuration does not work.",
            "apply-configuration Failed"),
        new("an agent loses its answer about a configuration group", OperationKinds.ApplyConfiguration,
            Sets.MasterAndGroup,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "apply_configuration", GuestTrouble.LoseAnswer);
                return world.Api.SetGroupAsync(there[0], there[1]);
            },
            "a group: max_connections=200", "apply-configuration Succeeded"),
        new("an instance is taken off its configuration group", OperationKinds.ApplyConfiguration,
            Sets.MasterWithGroup, (world, there) => world.Api.SetGroupAsync(there[0], null),
            "no group: ,", "running", "apply-configuration Succeeded"),
        new("a configuration group is changed", OperationKinds.ApplyConfiguration,
            Sets.MasterWithGroup,
            async (world, there) =>
            {
                await world.Api.ChangeGroupAsync(there[1], """{"max_connections": 300, "wait_timeout": 60}""");
                await world.LookAtConfigurationsAsync();
            },
            "a group: max_connections=300 wait_timeout=60", "running", "apply-configuration Succeeded"),
        new("a changed configuration group is refused", OperationKinds.ApplyConfiguration,
            Sets.MasterWithGroup,
            async (world, there) =>
            {
                world.GuestFaults.Add("m1", "apply_configuration", GuestTrouble.FailForGood);
                await world.Api.ChangeGroupAsync(there[1], """{"max_connections": 300}""");
                await world.LookAtConfigurationsAsync();
            },
            "a group: max_connections=200", "fault: The configuration could not be changed", "apply-configuration Failed"),
        new("a database is stopped", OperationKinds.StopDatabase,
            Sets.Master, (world, there) => world.Api.StopAsync(there[0]), "stopped", "stop-database Succeeded"),
        new("an agent is upgraded", OperationKinds.UpgradeAgent,
            Sets.Master,
            (world, there) => world.Api.UpgradeAgentAsync(there[0], "new"),
            "agent new",
            "running",
            "fault: none",
            "upgrade-agent Succeeded"),
        new("a new agent does not prove itself", OperationKinds.UpgradeAgent,
            Sets.Master,
            (world, there) =>
            {
                world.GuestFaults.Add("m1", "upgrade_agent", GuestTrouble.FailForGood);
                return world.Api.UpgradeAgentAsync(there[0], "new");
            },
            "agent simulated", "running", "fault: The agent could not be upgraded", "upgrade-agent Failed"),
    ];

    private static async Task<string[]> Vanished(World world)
    {
        var there = await Sets.Master(world);
        world.Cloud.Vanish(there[0]);
        for (var look = 0; look < 2; look++)
        {
            await new ServerWatch(world.Cloud, world.Database, world.Ids).LookAsync(CancellationToken.None);
            await world.PassAsync(TimeSpan.FromMinutes(1));
        }

        return there;
    }
}
