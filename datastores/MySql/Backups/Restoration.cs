using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>Data from a complete backup, and from those that follow on it.</summary>
internal sealed class Restoration(
    DatastoreHost host, ServerLayout layout, MemberStore member, ServerRunner runner, VolumeRoom room, DataOnItsWay onItsWay,
    IRestoreSteps steps)
{
    public Task RestoreAsync(IReadOnlyList<StoredBackup> chain, CancellationToken cancellationToken) =>
        RestoreAsync(chain, _ => Task.CompletedTask, cancellationToken);

    /// <param name="chain">The backups.</param>
    /// <param name="then">What is done to the data, in its folder, before it counts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task RestoreAsync(IReadOnlyList<StoredBackup> chain, Func<string, Task> then, CancellationToken cancellationToken)
    {
        if (member.Settings is not { } settings)
        {
            throw Faults.Precondition("This instance was not prepared.");
        }

        return onItsWay.MakeAsync(() => layout.HasData
            ? Task.CompletedTask
            : room.ExplainAsync(() => RestoreAsync(chain, settings, then, cancellationToken)));
    }

    private async Task RestoreAsync(
        IReadOnlyList<StoredBackup> chain, ServerSettings settings, Func<string, Task> then, CancellationToken cancellationToken)
    {
        var plan = steps.Plan(chain);
        DataShape.Check(plan.Shape, settings, "The backup's");
        CheckFits(chain);
        member.Change(state => state with { Shape = plan.Shape, EpochMarked = false, HoldsCopies = true });
        runner.WriteOptionFile();
        runner.EnsureFolders();
        await FillAsync(chain, cancellationToken);
        await then(layout.NewData);

        // The data is never restored again once it has its name: so it is on the disk before.
        new WriteBehind(layout.NewData).Finish();
        Directory.Move(layout.NewData, layout.Data);
    }

    /// <summary>The chain is one, and the volume has room for it.</summary>
    /// <exception cref="DatastoreException">See <see cref="IBackups.RestoreAsync"/>.</exception>
    public void CheckFits(IReadOnlyList<StoredBackup> chain) => room.CheckFits(steps.Plan(chain).Bytes, "The backup's");

    /// <summary>Fills the folder for new data, ready for a server to start on it.</summary>
    /// <exception cref="DatastoreException">See <see cref="IBackups.RestoreAsync"/>.</exception>
    public async Task FillAsync(IReadOnlyList<StoredBackup> chain, CancellationToken cancellationToken)
    {
        OwnedFolder.Remove(layout.ChangedData);
        OwnedFolder.Renew(layout.NewData, host.UserId);
        await steps.LoadAsync(chain[0], layout.NewData, cancellationToken);
        foreach (var backup in chain.Skip(1))
        {
            await steps.FollowAsync(backup, layout.NewData, cancellationToken);
        }
    }
}
