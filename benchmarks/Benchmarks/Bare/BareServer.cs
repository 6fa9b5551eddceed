using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.Bare;

/// <summary>A mariadbd as one would start it by hand, in a folder of its own. Gone, with its folder, when disposed.</summary>
internal sealed class BareServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private readonly string folder = Directory.CreateTempSubdirectory("dbb").FullName;
    private Process? process;

    /// <param name="model">The option file of a managed server.</param>
    /// <param name="serverId">Unlike those of others.</param>
    public BareServer(string model, int serverId)
    {
        foreach (var name in (string[])["data", "tmp", "binlog", "relaylog"])
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        File.WriteAllText(OptionFile, BareOptions.Text(model, folder, FreePort(), serverId));
    }

    public int Pid => process!.Id;

    public string Data => Path.Combine(folder, "data");

    public string Socket => Path.Combine(folder, "db.sock");

    private string OptionFile => Path.Combine(folder, "server.cnf");

    /// <summary>An empty data directory, by the tool that is for it.</summary>
    public Task InitializeAsync(CancellationToken cancellationToken) => Programs.RunAsync(
        "mariadb-install-db",
        [
            $"--defaults-file={OptionFile}", $"--datadir={Data}", "--skip-test-db", "--skip-name-resolve", "--skip-log-bin",
            "--auth-root-authentication-method=socket", $"--auth-root-socket-user={Environment.UserName}",
        ],
        "",
        cancellationToken);

    /// <summary>Starts it and waits for its greeting.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        process = Process.Start(new ProcessStartInfo("mariadbd", [$"--defaults-file={OptionFile}"]))!;
        var watch = Stopwatch.StartNew();
        while (!await GreetsAsync(cancellationToken))
        {
            if (process.HasExited || watch.Elapsed > Patience)
            {
                throw new InvalidOperationException(
                    $"mariadbd did not start: {await File.ReadAllTextAsync(Path.Combine(folder, "error.log"), cancellationToken)}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await Programs.EndAsync(process);
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task<bool> GreetsAsync(CancellationToken cancellationToken)
    {
        using var client = new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await client.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellationToken);
            return await client.ReceiveAsync(new byte[1], cancellationToken) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
