using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>Backups that hold one word.</summary>
internal sealed class FakeBackups(FakeDatastore datastore) : IBackups
{
    public bool FollowByLog => false;

    public async Task<BackupDescription> BackUpAsync(
        BackupRequest request, IObjectWriter objects, CancellationToken cancellationToken)
    {
        objects.Expect(1000);
        await objects.WriteAsync(
            async (stream, token) =>
            {
                await stream.WriteAsync("word"u8.ToArray(), token);
                await datastore.CallAsync("backup", token);
            },
            cancellationToken);
        return new BackupDescription(new OpaqueDocument("fake", 1, Array.Empty<byte>()), 4);
    }

    public Task RestoreAsync(IReadOnlyList<StoredBackup> chain, CancellationToken cancellationToken) =>
        datastore.CallAsync("restore", cancellationToken);

    public async Task<DataFindings> VerifyAsync(IJobProgress progress, CancellationToken cancellationToken)
    {
        progress.Expect(100);
        await datastore.CallAsync("verify", cancellationToken);
        return new DataFindings([new TableFinding("a", 1, "10"), new TableFinding("b", 2, "20")], []);
    }
}
