using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>The machine's named time zones, in the words of the engine's own tool, for an empty data directory.</summary>
internal static class TimeZones
{
    private const string OfTheMachine = "/usr/share/zoneinfo";

    /// <summary>All zones again: under other names, and with leap seconds.</summary>
    private static readonly string[] Doubles = ["posix", "right"];

    /// <returns>Statements; empty when the machine has no zones, or the engine no tool: then zones are offsets only.</returns>
    public static async Task<string> ReadAsync(Flavor flavor, DatastoreHost host, string workFolder, CancellationToken cancellationToken)
    {
        var chosen = Path.Combine(workFolder, "zones");
        try
        {
            OwnedFolder.Renew(chosen, host.UserId);
            foreach (var name in Directory.EnumerateFileSystemEntries(OfTheMachine).Select(Path.GetFileName).Except(Doubles))
            {
                File.CreateSymbolicLink(Path.Combine(chosen, name!), Path.Combine(OfTheMachine, name!));
            }

            using var sql = new MemoryStream();
            var result = await host.Processes.RunAsync(
                new ProcessSpec(flavor.TimeZoneProgram, [chosen]) { UserId = host.UserId },
                input: null,
                (output, token) => output.CopyToAsync(sql, token),
                cancellationToken);
            return result.ExitCode == 0 ? $"USE mysql;\n{Encoding.UTF8.GetString(sql.ToArray())}" : throw new IOException(result.Reason);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DatastoreException)
        {
            host.Log($"There will be no named time zones: {e.Message}");
            return "";
        }
        finally
        {
            OwnedFolder.Remove(chosen);
        }
    }
}
