using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Backups;

namespace Dbaas.Simulation.Guests;

/// <summary>What a guest does for a backup, and for a restore: with the places that the real directory gives it.</summary>
internal sealed class SimulatedBackups(World world, string instanceId, SimulatedDatabase database)
{
    private const string Kind = "simulated.backup";

    /// <summary>Writes a list and one part.</summary>
    public async Task<JsonElement?> CreateAsync(string commandId, CreateBackup backup)
    {
        if (!database.IsRunning)
        {
            throw new GuestFaultException(FaultKind.Transient, "The database does not run.");
        }

        var run = world.Ids.NewId().Replace("-", "", StringComparison.Ordinal);
        var content = database.Content();
        var data = JsonSerializer.SerializeToUtf8Bytes(content);
        var list = Encoding.ASCII.GetBytes($"{data.Length} {Convert.ToHexStringLower(SHA256.HashData(data))}\n");
        foreach (var (name, bytes) in new[] { (ObjectNames.Part(run, 0), data), (ObjectNames.List(run), list) })
        {
            world.Objects.Put(
                new StoredName(await PlaceAsync(commandId, backup.BackupId, ObjectAccess.Write, name), name), bytes);
        }

        var objects = new ObjectList(run, 1, data.Length, Convert.ToHexStringLower(SHA256.HashData(list)));
        var made = new BackupMade(new OpaqueDocument(Kind, 1, data), 1_000_000, objects);
        return JsonSerializer.SerializeToElement(made, ProtocolJson.Options);
    }

    /// <summary>Reads them all, and has what the last one says.</summary>
    public async Task<JsonElement?> RestoreAsync(string commandId, RestoreBackup restore)
    {
        database.Fill(await ReadAsync(commandId, restore.Chain));
        return null;
    }

    /// <summary>The same for a slave, which follows from there.</summary>
    public async Task<JsonElement?> LoadAsync(string commandId, LoadReplicationSnapshot load)
    {
        database.Load(SimulatedSnapshot.Open(load.Snapshot), await ReadAsync(commandId, load.Chain));
        return null;
    }

    private async Task<SimulatedContent> ReadAsync(string commandId, IReadOnlyList<BackupLink> chain)
    {
        SimulatedContent? content = null;
        foreach (var link in chain)
        {
            if (link.Objects.Foreign is { } foreign)
            {
                var home = await HomeAsync(commandId, link.BackupId, ObjectAccess.Read, ObjectNames.Part(link.Objects.Run, 0));
                _ = await world.Foreign.ReadAsync(home.Location!, 0, foreign.PartBytes, CancellationToken.None)
                    ?? throw new GuestFaultException(FaultKind.Permanent, "What another service wrote is missing.");
                content = new SimulatedContent(["shop"], ["app"]);
                continue;
            }

            foreach (var name in new[] { ObjectNames.List(link.Objects.Run), ObjectNames.Part(link.Objects.Run, 0) })
            {
                var place = await PlaceAsync(commandId, link.BackupId, ObjectAccess.Read, name);
                var bytes = await world.Objects.ReadAsync(new StoredName(place, name), int.MaxValue, CancellationToken.None)
                    ?? throw new GuestFaultException(FaultKind.Permanent, $"The object {name} is missing.");
                content = name.EndsWith("list", StringComparison.Ordinal)
                    ? content
                    : JsonSerializer.Deserialize<SimulatedContent>(bytes);
            }
        }

        return content!;
    }

    /// <summary>Says what there is. A table whose name says so is bad.</summary>
    public JsonElement? Verify()
    {
        if (database.IsRunning)
        {
            throw new GuestFaultException(FaultKind.Precondition, "What serves is not verified.");
        }

        var (good, bad) = (
            database.Databases.Where(name => !IsBad(name)).Select(name => new VerifiedTable(name, 1, "1")).ToList(),
            database.Databases.Where(IsBad).Select(name => $"{name}: Corrupt").ToList());
        return JsonSerializer.SerializeToElement(
            new DataVerified(good.Count, good.Count, string.Join('+', good.Select(table => table.Name)), good, bad, bad.Count),
            ProtocolJson.Options);

        static bool IsBad(string name) => name.StartsWith("bad", StringComparison.Ordinal);
    }

    private async Task<string> PlaceAsync(string commandId, string backupId, ObjectAccess access, string name) =>
        (await HomeAsync(commandId, backupId, access, name)).Place;

    private async Task<ObjectHome> HomeAsync(string commandId, string backupId, ObjectAccess access, string name) =>
        await world.Directory.FindHomeAsync(
            instanceId, new ObjectRequest(commandId, backupId, access, [name]), CancellationToken.None)
        ?? throw new GuestFaultException(FaultKind.Transient, "The gateway names no place for it.");
}

/// <summary>What is in a simulated database.</summary>
/// <param name="Databases">Databases.</param>
/// <param name="Users">Users.</param>
/// <param name="Epoch">The period of the log that it is of; 0: it was off.</param>
public sealed record SimulatedContent(IReadOnlyList<string> Databases, IReadOnlyList<string> Users, int Epoch = 0);
