using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Objects;

/// <summary>What a datastore writes of a backup, and reads again. It knows nothing of compression, keys, parts and stores; they are here.
/// </summary>
internal sealed class ObjectStreams(IStore store, ILogReports reports, IProcesses tools, string secrets, TimeProvider time)
{
    public SealedWriter Write(Job job, CreateBackup backup) => new(store, tools, job, backup, time);

    public IObjectReader Read(Job job, string identity, BackupLink link) => link.Objects.Foreign is { } foreign
        ? new ForeignReader(store, tools, job, link, foreign)
        : new SealedReader(store, new SealedPipe(tools, secrets, identity), job, link);

    public ILogWriter WriteLog(Job job, ArchiveLog archive) => new SealedLogWriter(store, reports, tools, job, archive, time);

    public ILogReader ReadLog(Job job, LogLink log) =>
        new SealedLogReader(store, new SealedPipe(tools, secrets, log.Identity), job, log);
}
