using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>What backups are made with.</summary>
internal sealed record BackupParts(
    DatastoreHost Host,
    ServerLayout Layout,
    ServerConnections Connections,
    MemberStore Member,
    ServerRunner Runner,
    BackupTool Tool,
    VolumeRoom Room,
    BackupScratch Scratch,
    DataOnItsWay OnItsWay)
{
    /// <summary>The way back, with what an engine does.</summary>
    public Restoration Restoration(IRestoreSteps steps) => new(Host, Layout, Member, Runner, Room, OnItsWay, steps);
}
