// The one place of the client that starts programs.
#pragma warning disable RS0030

using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Connect;

/// <summary>The engine's own client on this machine.</summary>
internal sealed class EngineClient
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string program;
    private readonly bool isMariaDb;

    private EngineClient(string program, bool isMariaDb) => (this.program, this.isMariaDb) = (program, isMariaDb);

    /// <summary>The engine's own first; each speaks with the other's server too.</summary>
    public static async Task<EngineClient> FindAsync(string? datastore, string? path, CancellationToken stop)
    {
        string[] names = datastore == "mysql" ? ["mysql", "mariadb"] : ["mariadb", "mysql"];
        var program = names
            .SelectMany(_ => (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), (name, folder) => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists)
            ?? throw new TroveException("There is no client for it on this machine: install mariadb-client, or MySQL's own.");

        // Debian has MariaDB's under both names.
        using var asked = Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true });
        var version = await asked.StandardOutput.ReadToEndAsync(stop);
        await asked.WaitForExitAsync(stop);
        return new EngineClient(program, version.Contains("MariaDB", StringComparison.Ordinal));
    }

    /// <summary>Runs it with this program's own streams. What it logs in with lies in a file of this user's alone meanwhile.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(EngineLogin login, IEnumerable<string> words, CancellationToken stop)
    {
        // 0700: made for one user.
        var folder = Directory.CreateTempSubdirectory("trove-");
        try
        {
            var (certificate, options) = (Path.Combine(folder.FullName, "server.pem"), Path.Combine(folder.FullName, "client.cnf"));
            await WriteAsync(certificate, login.Certificate, stop);
            await WriteAsync(options, login.ToOptions(certificate, isMariaDb), stop);
            var start = new ProcessStartInfo(program, [$"--defaults-file={options}", .. words]);
            start.Environment.Remove("MYSQL_PWD");

            // Ctrl-C is the client's: it ends a statement. What ends this program ends the client first.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
            using var client = Start(start);
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
            await client.WaitForExitAsync(CancellationToken.None);
            return client.ExitCode;

            void End(PosixSignalContext signal)
            {
                signal.Cancel = true;
                client.Kill();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task WriteAsync(string path, string text, CancellationToken stop)
    {
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
        });
        await using var writer = new StreamWriter(file);
        await writer.WriteAsync(text.AsMemory(), stop);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new TroveException($"{start.FileName} cannot be started: {e.Message}");
        }
    }
}
