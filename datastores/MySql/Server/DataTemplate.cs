using System.Security.Cryptography;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// The empty data directory that the engine's own tool made for an earlier instance on this machine, before any server ran on it: kept as
/// an archive for the next ones. It is for one version of the engine and one build of this code; without it, the tool is run again.
/// </summary>
internal sealed class DataTemplate
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // As much as the pipe holds.
    private const int CopyAtOnce = 1024 * 1024;

    private readonly DatastoreHost host;
    private readonly string folder;
    private readonly string prefix;
    private readonly string path;

    private DataTemplate(DatastoreHost host, string folder, string flavor, string key)
    {
        this.host = host;
        this.folder = folder;
        prefix = flavor + "-";
        path = Path.Combine(folder, $"{prefix}{key}.tar");
    }

    /// <summary>Null where none may be used: the machine has no place for it, or each data directory is another.</summary>
    public static async Task<DataTemplate?> ForAsync(Flavor flavor, DatastoreHost host, CancellationToken cancellationToken)
    {
        if (host.TemplatesPath is not { } folder || flavor.DataHoldsIdentity)
        {
            return null;
        }

        using var version = new MemoryStream();
        var result = await host.Processes.RunAsync(
            new ProcessSpec(flavor.ServerProgram, ["--no-defaults", "--version"]) { UserId = host.UserId },
            input: null,
            (output, token) => output.CopyToAsync(version, token),
            cancellationToken);
        if (result.ExitCode != 0)
        {
            return null;
        }

        var madeBy =
            $"{Encoding.UTF8.GetString(version.ToArray())} {typeof(DataTemplate).Module.ModuleVersionId} {ServerConnections.Administrator}";
        return new DataTemplate(host, folder, flavor.Name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(madeBy)))[..16]);
    }

    /// <summary>Fills a folder, whatever is in it.</summary>
    /// <returns>False when there is no template, or it is damaged.</returns>
    public async Task<bool> TryUnpackAsync(string data, CancellationToken cancellationToken)
    {
        OwnedFolder.Renew(data, host.UserId);
        try
        {
            await using var archive = File.OpenRead(path);
            var result = await host.Processes.RunAsync(
                Tar(data, "--extract", "--no-same-owner"),
                (input, token) => archive.CopyToAsync(input, CopyAtOnce, token),
                output: null,
                cancellationToken);
            if (result.ExitCode == 0)
            {
                return true;
            }

            host.Log($"The template {path} cannot be unpacked: {result.Reason}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Nobody was here before.
        }

        return false;
    }

    /// <summary>Keeps a folder that is fresh from the engine's tool. It only saves time, so a failure is no fault.</summary>
    public async Task KeepAsync(string data, CancellationToken cancellationToken)
    {
        var beside = $"{path}.{host.InstanceId}";
        try
        {
            OwnedFolder.Ensure(folder, userId: null);
            await using (var archive = new FileStream(
                beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                var result = await host.Processes.RunAsync(
                    Tar(data, "--create", "."), input: null, (output, token) => output.CopyToAsync(archive, token), cancellationToken);
                if (result.ExitCode != 0)
                {
                    throw new IOException(result.Reason);
                }

                archive.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
            RemoveOthers();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DatastoreException)
        {
            host.Log($"No template was kept: {e.Message}");
        }
    }

    /// <summary>Of other versions, and halves that a killed agent left.</summary>
    private void RemoveOthers()
    {
        foreach (var other in Directory.EnumerateFiles(folder, prefix + "*").Where(file => file != path))
        {
            File.Delete(other);
        }
    }

    /// <summary>Under the database's user: what it reads and writes is that user's.</summary>
    private ProcessSpec Tar(string data, params string[] arguments) =>
        new("tar", ["--file=-", $"--directory={data}", .. arguments]) { UserId = host.UserId };
}
