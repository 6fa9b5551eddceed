using System.Security.Cryptography;
using System.Text;
using Dbaas.Cloud.Ports;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Simulation.Guests;

/// <summary>What a guest does for an archive of its log: one part, told as the real directory takes it.</summary>
internal sealed class SimulatedLogs(World world, string instanceId, SimulatedDatabase database)
{
    private static readonly OpaqueDocument Place = new("simulated.log", 1, Array.Empty<byte>());

    /// <summary>Begins, stores one part, and tells it. Who tells another beginning is refused.</summary>
    public async Task ArchiveAsync(string commandId, ArchiveLog archive)
    {
        if (!database.IsRunning)
        {
            throw new GuestFaultException(FaultKind.Transient, "The database does not run.");
        }

        var run = world.Ids.NewId().Replace("-", "", StringComparison.Ordinal);
        await TellAsync(new LogProgress(commandId, archive.LogId, run, 0, null, Place, null, "nothing", null));
        var (name, content) = (ObjectNames.Part(run, 0), Encoding.ASCII.GetBytes(run));
        var home = await world.Directory.FindHomeAsync(
            instanceId, new ObjectRequest(commandId, archive.LogId, ObjectAccess.Write, [name]), CancellationToken.None)
            ?? throw new GuestFaultException(FaultKind.Transient, "The gateway names no place for it.");
        world.Objects.Put(new StoredName(home.Place, name), content);
        var part = new LogPart(content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
        await TellAsync(new LogProgress(commandId, archive.LogId, run, 1, part, Place, null, "something", null));
    }

    private async Task TellAsync(LogProgress progress)
    {
        if (!await world.Directory.AcceptLogProgressAsync(instanceId, progress, CancellationToken.None))
        {
            throw new GuestFaultException(FaultKind.Precondition, "The archive is not wanted any more.");
        }
    }
}
