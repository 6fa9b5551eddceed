using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Dbaas.Testing;

/// <summary>
/// A real mariadbd on a free port with a folder of its own. The OS user's own root comes in by the socket without a password,
/// <see cref="User"/> by TCP with a random one. Gone, with its folder, when disposed or when the test program ends.
/// </summary>
public sealed class MariaDbServer : IAsyncDisposable
{
    /// <summary>The user for tests: may do everything.</summary>
    public const string User = "dbaas";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string folder;
    private readonly string[] options;
    private Process? process;

    private MariaDbServer(string folder, string[] options)
    {
        this.folder = folder;
        this.options = options;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>The port on 127.0.0.1. Stays the same when it starts again.</summary>
    public int Port { get; private set; }

    /// <summary>The password of <see cref="User"/>.</summary>
    public string Password { get; } = RandomNumberGenerator.GetHexString(24);

    /// <summary>The Unix socket.</summary>
    public string SocketPath => Path.Combine(folder, "socket");

    /// <summary>The server's process.</summary>
    public int ProcessId => process!.Id;

    /// <summary>Starts one.</summary>
    /// <param name="options">More options for mariadbd, for example <c>--log-bin</c>.</param>
    public static async Task<MariaDbServer> StartAsync(params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("dbaas-mariadb-").FullName;
        var server = new MariaDbServer(folder, options);
        try
        {
            await MariaDbTemplate.CopyToAsync(server.DataDirectory);
            await File.WriteAllTextAsync(
                server.InitFile,
                $"CREATE OR REPLACE USER '{User}'@'%' IDENTIFIED BY '{server.Password}';\nGRANT ALL ON *.* TO '{User}'@'%' WITH "
                    + "GRANT OPTION;\n");
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection string, by TCP.</summary>
    public string ConnectionString(string database = "") =>
        $"Server=127.0.0.1;Port={Port};User ID={User};Password={Password};Database={database};Pooling=false";

    /// <summary>A connection string, by the socket, as the server's root.</summary>
    public string RootConnectionString => $"Server={SocketPath};Protocol=unix;User ID={Environment.UserName};Pooling=false";

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            running.Kill();
            using var deadline = new CancellationTokenSource(Patience);
            await running.WaitForExitAsync(deadline.Token);
            running.Dispose();
            process = null;
        }
    }

    /// <summary>Starts it with the data that it has, after <see cref="KillAsync"/>.</summary>
    public async Task StartAgainAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = Port == 0 ? FreePort.Find() : Port;
            process = Process.Start(new ProcessStartInfo("mariadbd", [.. Arguments(), .. options]))!;
            if (await AnswersAsync())
            {
                return;
            }

            await KillAsync();
            var log = await File.ReadAllTextAsync(LogFile);
            if (attempt == 3 || !log.Contains("Address already in use", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"mariadbd did not start:\n{log}");
            }

            // Somebody was quicker to take the free port.
            Port = 0;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        await KillAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string DataDirectory => Path.Combine(folder, "data");

    private string InitFile => Path.Combine(folder, "init.sql");

    private string LogFile => Path.Combine(folder, "server.log");

    private static string[] RunAsRoot => Environment.IsPrivilegedProcess ? ["--user=root"] : [];

    private IEnumerable<string> Arguments() =>
    [
        "--no-defaults", $"--datadir={DataDirectory}", $"--socket={SocketPath}", $"--port={Port}", "--bind-address=127.0.0.1",
        $"--pid-file={Path.Combine(folder, "pid")}", $"--log-error={LogFile}", $"--init-file={InitFile}", "--skip-name-resolve",
        "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=2", "--table-open-cache=400", .. RunAsRoot,
    ];

    // It listens before it has run its init file; it greets only after that. By the socket, since that can be no other server's.
    private async Task<bool> AnswersAsync()
    {
        var watch = Stopwatch.StartNew();
        while (!process!.HasExited && watch.Elapsed < Patience)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await client.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), deadline.Token);
                if (await client.ReceiveAsync(new byte[1], deadline.Token) == 1)
                {
                    return true;
                }
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }

        return false;
    }

    private void OnExit(object? sender, EventArgs e)
    {
        process?.Kill();
        process?.WaitForExit(TimeSpan.FromSeconds(10));
        Directory.Delete(folder, recursive: true);
    }
}
