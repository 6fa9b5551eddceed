using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Dbaas.Testing;

/// <summary>
/// A real Swift from Debian's package, on free ports of 127.0.0.1 with a folder of its own. It ends with its folder when
/// disposed.
/// </summary>
public sealed class SwiftServer : IAsyncDisposable
{
    /// <summary>Who may do everything in the account "test"; also the access key of S3.</summary>
    public const string User = "test:tester";

    /// <summary>The key of <see cref="User"/>.</summary>
    public const string Key = "testing";

    // Tokens are kept in memcached, whose Debian package starts a service. One process can keep them itself.
    private const string LocalCache =
        """
        import time
        class Cache:
            def __init__(self):
                self.kept = {}
            def get(self, key, *_, **__):
                value, until = self.kept.get(key, (None, 0))
                return value if until == 0 or until > time.time() else None
            def set(self, key, value, time=0, *_, **__):
                self.kept[key] = (value, time and time + __import__('time').time())
            def delete(self, key, *_, **__):
                self.kept.pop(key, None)
        def factory(conf, **local):
            cache = Cache()
            def put(app):
                def call(env, start):
                    env['swift.cache'] = cache
                    return app(env, start)
                return call
            return put
        """;

    // Half a second for a connection is too short on a machine where much else goes on, and nothing here mends a list behind it.
    // (And in the proxy: who has one node only must not leave it alone for a minute after an error.)
    private const string Patient = "conn_timeout = 10\nnode_timeout = 60";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Stores = ["account", "container", "object"];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-swift-");
    private readonly List<Process> processes = [];
    private readonly List<int> ports = [];

    private SwiftServer() => AppDomain.CurrentDomain.ProcessExit += OnExit;

    /// <summary>Where it is.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>As whom it asks a Keystone for others' tokens: an administrator, with this password too, in the project of this name.
    /// </summary>
    public const string Service = "swift";

    /// <summary>Starts one.</summary>
    /// <param name="keystone">It takes the tokens of this one, whose projects each have an account; null: it is used by S3.</param>
    public static async Task<SwiftServer> StartAsync(Uri? keystone = null)
    {
        var server = new SwiftServer();
        try
        {
            await server.BeginAsync(keystone);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        foreach (var process in processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        folder.Delete(recursive: true);
    }

    private void OnExit(object? sender, EventArgs e) => processes.ForEach(process => process.Kill());

    private async Task BeginAsync(Uri? keystone)
    {
        Directory.CreateDirectory(PathOf("devices/one"));
        await File.WriteAllTextAsync(
            PathOf("swift.conf"),
            """
            [swift-hash]
            swift_hash_path_suffix = s
            swift_hash_path_prefix = p
            [storage-policy:0]
            name = one
            default = yes
            """);
        await File.WriteAllTextAsync(PathOf("local_cache.py"), LocalCache);
        foreach (var store in Stores)
        {
            var port = FreePort.Find();
            ports.Add(port);
            await RunAsync($"""
                from swift.common.ring import RingBuilder
                b = RingBuilder(2, 1, 1)
                b.add_dev(dict(region=1, zone=1, ip='127.0.0.1', port={port}, device='one', weight=1,
                               replication_ip='127.0.0.1', replication_port={port}))
                b.rebalance()
                b.get_ring().save('{PathOf(store)}.ring.gz')
                """);
            var options = $"devices = {PathOf("devices")}\nmount_check = false\nfallocate_reserve = 0\n"
                + $"{Patient}\ncontainer_update_timeout = 30";
            await StartAsync(store, port, options, $"""
                [pipeline:main]
                pipeline = {store}-server
                [app:{store}-server]
                use = egg:swift#{store}
                """);
        }

        Address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var access = keystone is null ? "s3api tempauth" : "authtoken keystoneauth";
        await StartAsync(
            "proxy",
            Address.Port,
            "",
            $"""
            [pipeline:main]
            pipeline = catch_errors gatekeeper healthcheck cache tempurl {access} copy slo proxy-server
            [app:proxy-server]
            use = egg:swift#proxy
            account_autocreate = true
            error_suppression_interval = 0
            {Patient}
            [filter:catch_errors]
            use = egg:swift#catch_errors
            [filter:gatekeeper]
            use = egg:swift#gatekeeper
            [filter:healthcheck]
            use = egg:swift#healthcheck
            [filter:cache]
            paste.filter_factory = local_cache:factory
            [filter:tempurl]
            use = egg:swift#tempurl
            [filter:copy]
            use = egg:swift#copy
            [filter:slo]
            use = egg:swift#slo
            [filter:s3api]
            use = egg:swift#s3api
            location = here
            [filter:tempauth]
            use = egg:swift#tempauth
            user_{User.Replace(':', '_')} = {Key} .admin
            [filter:authtoken]
            paste.filter_factory = keystonemiddleware.auth_token:filter_factory
            auth_type = password
            auth_url = {keystone}
            www_authenticate_uri = {keystone}
            username = {Service}
            password = {Service}
            project_name = {Service}
            user_domain_id = default
            project_domain_id = default
            delay_auth_decision = true
            include_service_catalog = false
            [filter:keystoneauth]
            use = egg:swift#keystoneauth
            operator_roles = member
            """);
        // The proxy is healthy without them, and answers 503 then.
        foreach (var port in ports)
        {
            await Eventually.SeeAsync("a part of Swift listens", Patience, () => ConnectAsync(port), isOpen => isOpen);
        }

        using var http = new HttpClient();
        await Eventually.SeeAsync(
            "Swift is healthy",
            Patience,
            async () => processes.Any(process => process.HasExited)
                ? throw new InvalidOperationException($"A part of Swift ended: {Logs()}")
                : (await http.GetAsync(new Uri(Address, "healthcheck"))).StatusCode,
            status => status == HttpStatusCode.OK);
    }

    private async Task StartAsync(string name, int port, string options, string sections)
    {
        await File.WriteAllTextAsync(PathOf($"{name}.conf"), $"""
            [DEFAULT]
            bind_ip = 127.0.0.1
            bind_port = {port}
            workers = 0
            user = {Environment.UserName}
            swift_dir = {folder.FullName}
            {options}
            {sections}

            """);

        // What Debian's own start scripts do, which are in packages that start services.
        processes.Add(Python($"""
            import os, sys
            log = os.open('{PathOf(name)}.log', os.O_WRONLY | os.O_CREAT)
            os.dup2(log, 1)
            os.dup2(log, 2)
            from swift.common import utils, wsgi
            sys.path.insert(0, '{folder.FullName}')
            utils.set_swift_dir('{folder.FullName}')
            sys.exit(wsgi.run_wsgi('{PathOf(name)}.conf', '{name}-server', verbose=True))
            """));
    }

    private static async Task<bool> ConnectAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return true;
    }

    private static async Task RunAsync(string program)
    {
        using var process = Python(program);
        await process.WaitForExitAsync().WaitAsync(Patience);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Python ended with {process.ExitCode}.");
        }
    }

    // Debian's own: another one that comes first in the path has not its modules.
    private static Process Python(string program) =>
        Process.Start(new ProcessStartInfo("/usr/bin/python3") { ArgumentList = { "-c", program } })!;

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private string Logs() => string.Join('\n', folder.EnumerateFiles("*.log").Select(file => File.ReadAllText(file.FullName)));
}
