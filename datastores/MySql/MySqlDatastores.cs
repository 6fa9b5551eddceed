using System.Security.Cryptography;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Accounts;
using Dbaas.Datastores.MySql.Archiving;
using Dbaas.Datastores.MySql.Backups;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Control;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Logs;
using Dbaas.Datastores.MySql.Parameters;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql;

/// <summary>The MySQL family. Puts the parts of a datastore together.</summary>
public static class MySqlDatastores
{
    /// <summary>MariaDB, 10.11 or newer.</summary>
    public static Datastore CreateMariaDb(DatastoreHost host) => Create(new MariaDbFlavor(), host);

    /// <summary>MySQL, 8.4 or newer.</summary>
    public static Datastore CreateMySql(DatastoreHost host) => Create(new MySqlFlavor(), host);

    private static Datastore Create(Flavor flavor, DatastoreHost host)
    {
        var random = new RandomSource(RandomNumberGenerator.GetBytes);
        var layout = new ServerLayout(host);
        var room = new VolumeRoom(host.VolumePath);
        var turns = new Turns(room);
        var certificates = new Certificates(host, layout);
        var connections = new ServerConnections(layout.Socket);
        var member = new MemberStore(layout);
        var received = new ReceivedMark(flavor, member, host.Time);
        var threads = new SlaveThreads(flavor, layout, member);
        var onItsWay = new DataOnItsWay();
        var options = new ServerOptions(flavor, host, layout, member);
        var trial = new ConfigurationTrial(host, member, options);
        var runner = new ServerRunner(
            flavor, host, layout, connections, member, certificates, room, received, threads, onItsWay, options, trial);
        var users = new ReplicationUsers(flavor, host, connections, member, random);
        var login = new BackupLogin(flavor, host, layout, connections, random);
        var tool = new BackupTool(host, layout, login, new RedoRoom(host, layout, connections));
        var transfer = flavor.CreateTransfer(host, layout, connections, certificates, users, tool);
        var scratch = new BackupScratch(flavor, host, layout, connections, runner);
        var parts = new BackupParts(host, layout, connections, member, runner, tool, room, scratch, onItsWay);
        var steps = flavor.CreateRestoreSteps(parts);
        var restoration = parts.Restoration(steps);
        var backedUp = new BackedUpData(flavor, parts, steps, restoration);
        var snapshots = new Snapshots(
            flavor, host, layout, connections, member, runner, users, transfer, backedUp, certificates, random);
        var probe = new ServerProbe(flavor, connections, host.Time);
        var own = new OwnTransactions(flavor, host, connections, member, runner);
        var keeper = new LogKeeper(host, layout, connections, member, runner, room);
        LogFiles[] logs = [.. LogKind.All.Select(kind => new LogFiles(layout.Logs, kind))];
        var switches = new LogSwitches(host, layout, connections, member, runner, room);
        var upkeep = new Upkeep(
            host, member, runner, snapshots, own, received, new LogTurning(logs, switches, connections, room), switches, keeper, turns,
            room, trial);
        var draining = new Draining(flavor, room, received, threads, host.Time);
        var completeness = new Completeness(flavor, member, received, threads);
        var positions = new Positions(flavor, connections, member);
        var copies = new CopiedUsers(flavor, connections, member);

        return new Datastore(
            flavor.Name,
            new ServerControl(
                flavor, host, layout, probe, member, certificates, runner, snapshots, random, turns, upkeep, own, copies, scratch,
                onItsWay))
        {
            Replication = new MySqlReplication(
                turns,
                snapshots,
                new SnapshotLoad(flavor, layout, member, runner, transfer, backedUp, onItsWay, room),
                new Attachment(flavor, host, layout, connections, member, runner, users, snapshots, draining, own,
                    threads),
                new Detachment(flavor, host, connections, member, runner, random, draining, completeness),
                new Demotion(flavor, connections, member, runner, users, snapshots),
                users,
                positions,
                new ReplicationState(connections, member, runner),
                new WriteStop(flavor, host, connections, member, runner, positions),
                new Promotion(flavor, connections, member, runner, draining, completeness, own, threads),
                new FollowingOffers(flavor, host, connections, member, runner, users, certificates),
                new Hearing(connections, member, runner, draining, positions)),
            Accounts = new MySqlAccounts(flavor, host, layout, connections, member, turns),
            Backups = flavor.CreateBackups(parts, restoration),
            LogArchive = new LogArchive(
                flavor, parts, keeper, new MomentRestore(flavor, host, layout, member, restoration, steps)),
            Configuration = new MySqlConfiguration(connections, member, options, trial, turns),
            Logs = new MySqlLogs(logs, switches, member, turns, host.Time),
            Close = connections.CloseAsync,
        };
    }
}
