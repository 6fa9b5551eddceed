using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Dbaas.Testing.RabbitMq;

/// <summary>
/// A real RabbitMQ on free ports, with a folder, a node name and a cookie of its own, and a port mapper that is nobody else's. Gone, with
/// its folder, when disposed.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    /// <summary>The only user.</summary>
    public const string User = "dbaas";

    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string folder = Directory.CreateTempSubdirectory("dbaas-rabbit-").FullName;
    private readonly int mapperPort = FreePort.Find();
    private readonly int nodePort = FreePort.Find();
    private readonly BrokerCertificates? certificates;
    private Process? mapper;
    private Process? server;

    private RabbitMqServer(bool tls)
    {
        certificates = tls ? BrokerCertificates.Make(folder) : null;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>The port on 127.0.0.1. Stays the same when it starts again.</summary>
    public int Port { get; } = FreePort.Find();

    /// <summary>Its user's password.</summary>
    public string Password { get; } = RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>Its address, with the login.</summary>
    public string Url => $"{(certificates is null ? "amqp" : "amqps")}://{User}:{Password}@localhost:{Port}/%2F";

    /// <summary>The authority that its certificate is of.</summary>
    public string AuthorityFile => certificates!.AuthorityFile;

    /// <summary>Starts one.</summary>
    public static async Task<RabbitMqServer> StartAsync(bool tls = false)
    {
        var broker = new RabbitMqServer(tls);
        try
        {
            File.WriteAllText(Path.Combine(broker.folder, "rabbitmq.conf"), broker.Configuration());
            File.WriteAllText(Path.Combine(broker.folder, "plugins"), "[].");
            File.WriteAllText(broker.Cookie, RandomNumberGenerator.GetHexString(40));
            File.SetUnixFileMode(broker.Cookie, UnixFileMode.UserRead);
            broker.mapper = Process.Start(new ProcessStartInfo("epmd", ["-port", $"{broker.mapperPort}", "-address", "127.0.0.1"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            });
            await broker.StartAgainAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the data that is there.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new (string, string)[]
        {
            ("HOME", folder),
            ("ERL_EPMD_PORT", $"{mapperPort}"),
            ("RABBITMQ_NODENAME", $"dbaas-{Port}@localhost"),
            ("RABBITMQ_DIST_PORT", $"{nodePort}"),
            ("RABBITMQ_MNESIA_BASE", Path.Combine(folder, "data")),
            ("RABBITMQ_LOG_BASE", Path.Combine(folder, "log")),
            ("RABBITMQ_CONFIG_FILE", Path.Combine(folder, "rabbitmq.conf")),
            ("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", Path.Combine(folder, "plugins")),
            ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 1:1 +sbwt none"),
        })
        {
            start.Environment[name] = value;
        }

        server = Process.Start(start)!;
        var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(folder, "output"), append: true) { AutoFlush = true });
        server.OutputDataReceived += (_, line) => log.WriteLine(line.Data);
        server.ErrorDataReceived += (_, line) => log.WriteLine(line.Data);
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        await Eventually.HoldsAsync("the broker listens", Patience, async () =>
        {
            if (server.HasExited)
            {
                throw new InvalidOperationException($"It ended: {await File.ReadAllTextAsync(Path.Combine(folder, "output"))}");
            }

            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
    }

    /// <summary>kill -9, of the broker and all that it started.</summary>
    public async Task KillAsync()
    {
        if (server is { } running)
        {
            running.Kill(entireProcessTree: true);
            await running.WaitForExitAsync();
            running.Dispose();
            server = null;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        await KillAsync();
        mapper?.Kill();
        mapper?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private string Cookie => Path.Combine(folder, ".erlang.cookie");

    private string Configuration() => certificates is null
        ? Common($"listeners.tcp.1 = 127.0.0.1:{Port}")
        : Common($"""
            listeners.tcp = none
            listeners.ssl.1 = 127.0.0.1:{Port}
            ssl_options.cacertfile = {certificates.AuthorityFile}
            ssl_options.certfile = {certificates.CertificateFile}
            ssl_options.keyfile = {certificates.KeyFile}
            ssl_options.verify = verify_none
            """);

    private string Common(string listeners) => $"""
        {listeners}
        default_user = {User}
        default_pass = {Password}
        log.file = false
        log.console = true
        log.console.level = warning

        """;

    private void OnExit(object? sender, EventArgs e)
    {
        server?.Kill(entireProcessTree: true);
        mapper?.Kill();
    }
}
