using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>An empty data directory: made under another name, so that a half-made one is never taken for one.</summary>
internal static class DataDirectory
{
    /// <summary>Makes this instance's.</summary>
    public static async Task MakeAsync(
        Flavor flavor, DatastoreHost host, ServerLayout layout, DataAhead.Unpacked ahead, CancellationToken cancellationToken)
    {
        if (!ahead.IsWhole)
        {
            await MakeAsync(flavor, host, layout, layout.NewData, cancellationToken);
            await (ahead.Template?.KeepAsync(layout.NewData, cancellationToken) ?? Task.CompletedTask);
        }

        Directory.Move(layout.NewData, layout.Data);
    }

    /// <summary>Makes one anywhere with the engine's own tool; what is there is thrown away.</summary>
    public static async Task MakeAsync(
        Flavor flavor, DatastoreHost host, ServerLayout layout, string folder, CancellationToken cancellationToken)
    {
        OwnedFolder.Renew(folder, host.UserId);
        var work = Path.GetDirectoryName(layout.OptionFile)!;
        var initFile = Path.Combine(work, "init.sql");
        AtomicFile.Write(
            initFile,
            Encoding.UTF8.GetBytes(flavor.InitializationSql + await TimeZones.ReadAsync(flavor, host, work, cancellationToken)),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var before = ErrorLog.LengthOf(layout.ErrorLog);
        var result = await host.Processes.RunAsync(
            flavor.Initialization(layout, layout.OptionFile, folder, initFile) with { UserId = host.UserId, WorkingDirectory = folder },
            input: null,
            output: null,
            cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Permanent(
                $"The data directory could not be made (exit code {result.ExitCode}): "
                + (ErrorLog.ReasonIn(result.ErrorTail) ?? ErrorLog.ReasonOfLastStart(layout.ErrorLog, before) ?? result.Reason));
        }

        await SyncAsync(host, folder, cancellationToken);
    }

    /// <summary>
    /// Flavors may tell the tool not to sync each page that it writes: what is half-made is thrown away. Once it is made, it stays.
    /// </summary>
    public static async Task SyncAsync(DatastoreHost host, string folder, CancellationToken cancellationToken)
    {
        var result = await host.Processes.RunAsync(
            new ProcessSpec("sync", ["-f", folder]) { UserId = host.UserId }, input: null, output: null, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Faults.Transient($"The data directory could not be written to its disk (exit code {result.ExitCode}): {result.Reason}");
        }
    }
}
