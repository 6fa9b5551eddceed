using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Objects;

/// <summary>What a datastore writes of a backup, and reads again. It knows nothing of compression, keys, parts and stores; they are here.
/// </summary>
internal sealed class ObjectStreams(IStore store, IProcesses tools, string secrets, TimeProvider time)
{
    public SealedWriter Write(Job job, CreateBackup backup) => new(store, tools, job, backup, time);

    public IObjectReader Read(Job job, RestoreBackup restore, BackupLink link) =>
        new SealedReader(store, tools, secrets, job, restore.Identity, link);
}
