using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Dbaas.Testing.Galera;

/// <summary>One node of a <see cref="GaleraCluster"/>.</summary>
public sealed partial class GaleraNode : IAsyncDisposable
{
    // Of nobody: a number that Debian gives to no user.
    private const string UserId = "64321";

    // A node that is cut off is noticed within some two seconds instead of five and more.
    private const string Provider =
        "gcache.size=64M;pc.announce_timeout=PT1S;evs.keepalive_period=PT0.5S;evs.inactive_check_period=PT0.5S;"
        + "evs.suspect_timeout=PT2S;evs.inactive_timeout=PT4S;evs.install_timeout=PT4S";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly GaleraPlace place;
    private Process? process;

    internal GaleraNode(GaleraPlace place) => this.place = place;

    /// <summary>Its address; the port is 3306.</summary>
    public string Address => place.Address;

    /// <summary>The server's process.</summary>
    public int ProcessId => int.Parse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture);

    /// <summary>A connection string.</summary>
    public string ConnectionString(string database = "") =>
        $"Server={Address};Port=3306;User ID={GaleraCluster.User};Password={place.Password};Database={database};SslMode=None";

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            await Run.TryAsync("kill", ["-9", running.Id.ToString(CultureInfo.InvariantCulture)]);
            using var deadline = new CancellationTokenSource(Patience);
            await running.WaitForExitAsync(deadline.Token);
            running.Dispose();
            process = null;
        }
    }

    /// <summary>Starts it with the data that it has. Synced when this ends.</summary>
    public Task StartAgainAsync() => StartAgainAsync(isFirst: false);

    /// <summary>Nothing comes in and nothing goes out: neither to the other nodes nor to clients.</summary>
    public Task CutOffAsync() => Run.OrThrowAsync("ip", ["link", "set", Cable, "down"]);

    /// <summary>The end of <see cref="CutOffAsync"/>.</summary>
    public Task ConnectAsync() => Run.OrThrowAsync("ip", ["link", "set", Cable, "up"]);

    /// <summary>SIGSTOP.</summary>
    public Task FreezeAsync() => Run.OrThrowAsync("kill", ["-STOP", process!.Id.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => Run.OrThrowAsync("kill", ["-CONT", process!.Id.ToString(CultureInfo.InvariantCulture)]);

    private async Task BeSyncedAsync()
    {
        var watch = Stopwatch.StartNew();
        while (!IsSynced(await StatusAsync()))
        {
            if (process is not { HasExited: false } || watch.Elapsed > Patience)
            {
                var log = (await File.ReadAllLinesAsync(LogFile)).TakeLast(60);
                throw new InvalidOperationException($"The Galera node {place.Name} is not synced:\n{string.Join('\n', log)}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>How it sees its cluster: the number of that view, and of the members in it. Null: it is no member that has all.</summary>
    internal async Task<(string View, int Members)?> LookAsync()
    {
        var said = await StatusAsync();
        return IsSynced(said)
            ? (View().Match(said).Groups[1].Value, int.Parse(Members().Match(said).Groups[1].Value, CultureInfo.InvariantCulture))
            : null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await KillAsync();

        // What gives a joining node its data may outlive both.
        foreach (var pid in await Run.TryAsync("ip", ["netns", "pids", place.Name]) is { } pids ? pids.Split('\n', Split) : [])
        {
            await Run.TryAsync("kill", ["-9", pid]);
        }

        await Run.TryAsync("ip", ["netns", "delete", place.Name]);
        await Run.TryAsync("ip", ["link", "delete", Cable]);
    }

    internal async Task MakeAsync()
    {
        await Run.OrThrowAsync("ip", ["netns", "add", place.Name]);
        await Run.OrThrowAsync("ip", ["link", "add", Cable, "type", "veth", "peer", "name", "eth0", "netns", place.Name]);
        await Run.OrThrowAsync("ip", ["link", "set", Cable, "master", place.Bridge, "up"]);
        await Run.OrThrowAsync("ip", ["-n", place.Name, "address", "add", $"{Address}/24", "dev", "eth0"]);
        await Run.OrThrowAsync("ip", ["-n", place.Name, "link", "set", "eth0", "up"]);
        await Run.OrThrowAsync("ip", ["-n", place.Name, "link", "set", "lo", "up"]);
        Directory.CreateDirectory(place.Folder);
        await MariaDbTemplate.CopyToAsync(Data);
        await File.WriteAllTextAsync(
            InitFile,
            $"CREATE OR REPLACE USER '{GaleraCluster.User}'@'%' IDENTIFIED BY '{place.Password}';\n"
                + $"GRANT ALL ON *.* TO '{GaleraCluster.User}'@'%' WITH GRANT OPTION;\n");
        await Run.OrThrowAsync("chown", ["-R", $"{UserId}:{UserId}", place.Folder]);
    }

    internal async Task StartAgainAsync(bool isFirst)
    {
        string[] position = File.Exists(LogFile) ? [$"--wsrep-start-position={await PositionAsync()}"] : [];
        string[] role = isFirst ? ["--wsrep-new-cluster", $"--init-file={InitFile}"] : [];
        if (isFirst && position is [var known])
        {
            // Only an operator can know that nobody has more.
            await File.WriteAllTextAsync(
                Path.Combine(Data, "grastate.dat"),
                $"version: 2.1\nuuid: {known.Split('=')[1].Split(':')[0]}\nseqno: -1\nsafe_to_bootstrap: 1\n");
        }

        var start = new ProcessStartInfo("ip", [.. Server, .. Arguments(), .. position, .. role])
        {
            Environment = { ["PATH"] = place.Path },
        };
        process = Process.Start(start)!;
        await BeSyncedAsync();
    }

    /// <summary>What it has, as the server itself finds after a crash: <c>cluster:number</c>.</summary>
    internal async Task<string> PositionAsync()
    {
        var log = Path.Combine(place.Folder, "recovery.log");
        File.Delete(log);
        await Run.TryAsync("ip", [.. Server, .. Arguments(), "--wsrep-recover", $"--log-error={log}"]);
        return Recovered().Match(await File.ReadAllTextAsync(log)) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException($"{place.Name} says no position:\n{await File.ReadAllTextAsync(log)}");
    }

    private const StringSplitOptions Split = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    // Each program takes the place of the one before it: the process that is started becomes the server.
    private string[] Server =>
        ["netns", "exec", place.Name, "setpriv", $"--reuid={UserId}", $"--regid={UserId}", "--clear-groups", .. Clock, "mariadbd"];

    private string[] Clock => place.ClockAhead == TimeSpan.Zero
        ? []
        : ["env", .. FakeClock.Ahead(place.ClockAhead).Select(one => $"{one.Name}={one.Value}")];

    // Names of devices have 15 letters at most.
    private string Cable => $"v{place.Name}";

    private string Data => Path.Combine(place.Folder, "data");

    private string Socket => Path.Combine(place.Folder, "socket");

    private string PidFile => Path.Combine(place.Folder, "pid");

    private string InitFile => Path.Combine(place.Folder, "init.sql");

    private string LogFile => Path.Combine(place.Folder, "server.log");

    private IEnumerable<string> Arguments() =>
    [
        "--no-defaults", $"--datadir={Data}", $"--socket={Socket}", "--port=3306", "--bind-address=0.0.0.0", $"--pid-file={PidFile}",
        $"--log-error={LogFile}", "--skip-name-resolve", "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=1",
        "--table-open-cache=400", "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON",
        "--wsrep-provider=/usr/lib/galera/libgalera_smm.so", $"--wsrep-provider-options={Provider}", "--wsrep-cluster-name=control",
        $"--wsrep-cluster-address=gcomm://{string.Join(',', place.Addresses)}", $"--wsrep-node-address={Address}",
        $"--wsrep-node-name={place.Name}", "--wsrep-sst-method=rsync", "--wsrep-slave-threads=2",
    ];

    // By the socket: it is there also while the cable is not. (A node without its cluster answers SHOW, and nothing else.)
    private async Task<string> StatusAsync() =>
        await Run.TryAsync("mariadb", ["--no-defaults", $"--socket={Socket}", "-e", "SHOW STATUS LIKE 'wsrep_%'"]) ?? "";

    private static bool IsSynced(string status) => Synced().IsMatch(status) && Ready().IsMatch(status);

    [GeneratedRegex(@"Recovered position:\s*(\S+:-?\d+)")]
    private static partial Regex Recovered();

    [GeneratedRegex(@"wsrep_local_state_comment\s+Synced")]
    private static partial Regex Synced();

    [GeneratedRegex(@"wsrep_cluster_conf_id\s+(\d+)")]
    private static partial Regex View();

    [GeneratedRegex(@"wsrep_cluster_size\s+(\d+)")]
    private static partial Regex Members();

    [GeneratedRegex(@"wsrep_ready\s+ON")]
    private static partial Regex Ready();
}
